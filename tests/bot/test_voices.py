"""Characters with names of their own, and whose their replies are, in a pretend Discord."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import simcord
from fakes.tavern import Tavern, tavern

OWN_NAME: dict[str, Any] = {
    "character": {"name": "Mira"},
    "editInterval": 0.05,
    "voices": "all",
}


def speech(at: Tavern, channel: simcord.ChannelHandle) -> list[tuple[str, str]]:
    return [(message.author.name, message.content) for message in at.messages(channel)]


async def play(at: Tavern, *replies: str) -> discord.Message:
    """Ann says hello and is answered; the last message."""
    at.llm.say(*replies)
    await at.ann.send(at.hearth, "Hello!")
    await at.quiet()
    return at.messages(at.hearth)[-1]


async def menu(at: Tavern, who: simcord.MemberActor, name: str, message: discord.Message) -> Any:
    return await who.context_menu(at.hearth, name, message)


async def test_the_character_speaks_under_its_own_name(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "Welcome", ", ", "traveller.")
        assert (reply.author.name, reply.content) == ("Mira", "Welcome, traveller.")
        assert reply.webhook_id


async def test_the_model_is_given_its_own_words_once_and_as_its_own(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        await play(at, "Welcome.")
        at.llm.say("Ale.")
        await at.ben.send(at.hearth, "What is there to drink?")
        await at.quiet()
        messages = at.llm.requests[-1].body["messages"][1:]
        assert [(message["role"], message["content"]) for message in messages] == [
            ("user", "Ann: Hello!"),
            ("assistant", "Welcome."),
            ("user", "Ben: What is there to drink?"),
        ]


async def test_answering_a_characters_message_calls_it(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "Welcome.")
        await at.command(at.owner, "channel mode", mode="mention")
        at.llm.say("Yes?")
        await at.ben.send(at.hearth, "And me?", reply_to=reply)
        await at.quiet()
        assert speech(at, at.hearth)[-1] == ("Mira", "Yes?")
        assert at.llm.requests[-1].body["messages"][-1]["content"] == "Ben: And me?"


async def test_without_manage_webhooks_the_bot_names_the_character(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        forbidden = discord.PermissionOverwrite(manage_webhooks=False)
        everyone = at.guild.default_role
        cellar = at.guild.create_text_channel("cellar", overwrites={everyone: forbidden})
        await at.command(at.owner, "channel bind", at=cellar)
        at.llm.say("Welcome.")
        await at.ann.send(cellar, "Hello!")
        await at.quiet()
        reply = at.messages(cellar)[-1]
        assert reply.webhook_id is None
        assert reply.content == "**Mira**\nWelcome."
        assert "Manage Webhooks" in await at.command(at.owner, "channel show", at=cellar)


async def test_who_said_this_tells_the_character_the_person_and_the_profile(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "Welcome.")
        told = (await menu(at, at.ben, "Who said this?", reply)).response
        assert told.ephemeral
        assert "**Mira**" in told.content
        assert f"<@{at.ann.id}>" in told.content
        assert "`main`" in told.content
        asked = at.messages(at.hearth)[0]
        assert (
            "no reply of mine" in (await menu(at, at.ben, "Who said this?", asked)).response.content
        )


async def test_a_cross_by_the_one_who_was_answered_takes_the_reply_back(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "Welcome.")
        await at.ben.react(reply, "❌")
        await at.quiet()
        assert speech(at, at.hearth)[-1] == ("Mira", "Welcome.")
        await at.ann.react(reply, "❌")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!"]
        await play(at, "Again.")
        assert "Welcome." not in str(at.llm.requests[-1].body)


async def test_a_cross_by_a_manager_takes_any_reply_back(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        reply = await play(at, "Welcome.")
        await at.owner.react(reply, "❌")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!"]


async def test_a_cross_stops_a_reply_that_is_being_written(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        more = asyncio.Event()
        at.llm.say("Once upon", more, " a time.")
        await at.ann.send(at.hearth, "A story!")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        await at.ann.react(at.messages(at.hearth)[-1], "❌")
        await at.quiet()
        assert at.said(at.hearth) == ["A story!"]


async def test_an_edit_changes_what_stands_there_and_what_the_model_sees(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "The door is open.")
        asked = await menu(at, at.ann, "Edit reply", reply)
        assert "The door is open." in str(asked.modal)
        await at.ann.submit_modal(asked, {"text": "The door is shut."})
        assert at.said(at.hearth)[-1] == "The door is shut."
        await play(at, "Hm.")
        sent = str(at.llm.requests[-1].body)
        assert "shut" in sent
        assert "open" not in sent


async def test_others_may_not_edit(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        reply = await play(at, "Welcome.")
        answer = (await menu(at, at.ben, "Edit reply", reply)).response
        assert answer.ephemeral
        assert "Only those" in answer.content


async def test_an_edit_of_one_message_of_a_long_reply_leaves_the_others(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat=OWN_NAME) as at:
        await play(at, "first " * 300 + "\n\n" + "second " * 200)
        parts = at.messages(at.hearth)[1:]
        assert len(parts) == 2
        asked = await menu(at, at.ann, "Edit reply", parts[1])
        await at.ann.submit_modal(asked, {"text": "The end."})
        assert [text[:5] for text in at.said(at.hearth)[1:]] == ["first", "The e"]
        await play(at, "Hm.")
        sent = str(at.llm.requests[-1].body)
        assert "first" in sent
        assert "The end." in sent
        assert "second" not in sent
