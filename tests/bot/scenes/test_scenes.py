"""A scene from its start to its file, in a pretend Discord."""

from pathlib import Path
from typing import Any

import discord
from fakes.cards import as_json, png, text_chunk, v2
from fakes.sqlite import look
from fakes.swipes import row
from fakes.tavern import Tavern, tavern

from storage.open import FILE_NAME

CHAT = (
    '{"user_name": "Ann", "character_name": "Mira"}\n'
    '{"name": "Mira", "is_user": false, "mes": "Welcome to the inn.", "swipes": '
    '["Hello.", "Welcome to the inn."], "swipe_id": 1}\n'
    '{"name": "Ann", "is_user": true, "mes": "A room, please."}\n'
)


async def test_a_scene_is_started_paused_resumed_and_archived(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "no scene" in await at.command(at.owner, "scene pause")
        told = await at.command(at.owner, "scene start", title="The inn", profile="backup")
        await at.quiet()
        [thread] = at.hearth.threads
        assert f"<#{thread.id}>" in told
        assert f"<#{thread.id}> (running)" in await at.command(at.owner, "scene list")
        at.backup.say("Welcome.")
        await at.ann.send(thread, "Hello?")
        await at.quiet()
        assert at.said(thread)[-2:] == ["Hello?", "Welcome."]
        assert await at.command(at.owner, "scene pause", at=thread) == "Saved."
        await at.ann.send(thread, "Still there?")
        await at.quiet()
        assert at.said(thread)[-1] == "Still there?"
        await at.command(at.owner, "scene resume", at=thread)
        at.backup.say("I am.")
        await at.ann.send(thread, "And now?")
        await at.quiet()
        assert at.said(thread)[-1] == "I am."
        assert "Still there?" in str(at.backup.requests[-1].body["messages"])


async def test_a_chat_of_sillytavern_goes_on_in_a_thread(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        told = await at.command(at.owner, "scene import", file=("a.jsonl", CHAT.encode()))
        assert "2 messages are the history" in told
        [thread] = at.hearth.threads
        assert "**Mira**: Welcome to the inn.\n**Ann**: A room, please." in at.said(thread)[-1]
        await at.ben.send(thread, "Me, too.")
        await at.quiet()
        sent = [each["content"] for each in at.llm.requests[-1].body["messages"]]
        assert sent[-3:] == ["Welcome to the inn.", "Ann: A room, please.", "Ben: Me, too."]
        exported = await at.owner.slash(thread, "scene export", format="jsonl")
        answer = exported.followups[-1] if exported.followups else exported.response
        assert answer
        assert answer.attachments, answer.content
        file = answer.attachments[0]
        assert '"swipes": ["Hello.", "Welcome to the inn."]' in (await file.read()).decode()
        wrong = await at.command(at.owner, "scene import", file=("b.jsonl", b'{"mes": 4}\n{'))
        assert "b.jsonl:1: mes" in wrong


async def test_a_scene_has_its_characters_its_note_and_its_greeting(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await add(at, "Bo", "I am Bo.", "Bo again.")
        await add(at, "Cy", "")
        told = await at.command(
            at.owner, "scene start", characters="bo, Cy", note="It rains.", profile="backup"
        )
        await at.quiet()
        [thread] = at.hearth.threads
        assert f"<#{thread.id}>" in told
        assert thread.name == "Bo, Cy"
        assert at.said(thread) == [
            "-# A scene with Bo, Cy. Write here to take part.",
            "I am Bo.",
        ]
        await at.until(lambda: ("right", "1/2", True) in row(at.messages(thread)[-1]))
        await at.ann.send(thread, "Cy, are you there?")
        await at.quiet()
        sent = str(at.backup.requests[0].body["messages"])
        assert "It rains." in sent
        assert "I am Bo." in sent
        wrong = await at.command(at.owner, "scene start", characters="Bo, Cyy")
        assert "There is no character “Cyy”" in wrong
        assert len(at.hearth.threads) == 1


async def test_who_spoke_in_a_chat_is_known_by_the_name(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await add(at, "MIRA", "")
        await at.command(at.owner, "scene import", file=("a.jsonl", CHAT.encode()))
        [thread] = at.hearth.threads
        assert "MIRA" in await at.command(at.owner, "channel show", at=thread)
        [speaker] = look(
            tmp_path / "data" / FILE_NAME,
            "SELECT c.name FROM messages m JOIN characters c ON c.id = m.character_id",
        )
        assert speaker == ("MIRA",)


async def test_the_page_of_a_scene_has_the_faces(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        picture = png(text_chunk("chara", v2(name="Bo", first_mes="I am Bo.")), size=(64, 64))
        await at.command(at.owner, "character import", file=("bo.png", picture))
        await at.command(at.owner, "scene start", characters="Bo")
        await at.quiet()
        [thread] = at.hearth.threads
        exported = await at.owner.slash(thread, "scene export", format="html")
        answer = exported.followups[-1] if exported.followups else exported.response
        assert answer
        page = (await answer.attachments[0].read()).decode()
        assert 'url("data:image/webp;base64,' in page


async def test_names_are_completed_one_after_the_other(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await add(at, "Bo", "")
        await add(at, "Cy", "")
        found = await at.owner.autocomplete(at.hearth, "scene start", "characters", "bo,")
        assert [each["value"] for each in found] == ["bo, Cy"]


async def test_a_scene_is_a_post_of_a_forum(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await add(at, "Bo", "I am Bo.")
        forum = at.guild.create_forum_channel("stories")
        await at.command(at.owner, "scene start", title="Rain", characters="Bo", where=forum)
        await at.quiet()
        [post] = forum.threads
        assert post.name == "Rain"
        assert at.said(post)[-1] == "I am Bo."
        assert at.messages(post)[0].components
        assert not at.hearth.threads
        await at.command(at.owner, "scene pause", at=post)
        await at.ann.send(post, "Hello?")
        await at.quiet()
        assert at.said(post)[-1] == "Hello?"
        await at.command(at.owner, "scene resume", at=post)
        at.llm.say("Here.")
        await at.ann.send(post, "And now?")
        await at.quiet()
        assert at.said(post)[-1] == "Here."


async def test_people_choose_who_they_are_even_after_a_restart(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "scene start", title="The inn")
        await at.quiet()
        [thread] = at.hearth.threads
        assert "/persona create" in await choose(at, thread)
        form = await at.ann.slash(thread, "persona create")
        await at.ann.submit_modal(form, {"name": "Luna", "description": "A witch."})
        await at.restart()
        assert "Who are you" in await choose(at, thread)
        offered = await at.ann.click(at.messages(thread)[0], custom_id="persona:choose")
        await at.restart()
        assert offered.response
        worn = await at.ann.select(offered.response, ["Luna"], custom_id="persona:wear")
        assert worn.response
        assert "You are **Luna**" in worn.response.content
        await at.ann.send(thread, "Good evening.")
        await at.quiet()
        assert "Luna: Good evening." in str(at.llm.requests[-1].body["messages"])


async def test_an_archived_scene_goes_on_where_it_was(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "scene start", title="The inn")
        await at.quiet()
        [thread] = at.hearth.threads
        at.llm.say("Welcome.")
        await at.ann.send(thread, "Hello?")
        await at.quiet()
        assert await at.command(at.owner, "scene archive", at=thread) == "Saved."
        await at.env.settle()
        there = await at.app.client.fetch_channel(thread.id)
        assert isinstance(there, discord.Thread)
        assert there.archived
        assert "(archived)" in await at.command(at.owner, "scene list")
        await there.edit(archived=False)  # Discord does so when somebody writes there
        await at.env.settle()
        assert "(running)" in await at.command(at.owner, "scene list")
        at.llm.say("Still here.")
        await at.ann.send(thread, "And now?")
        await at.quiet()
        assert at.said(thread)[-1] == "Still here."
        assert "Welcome." in str(at.llm.requests[-1].body["messages"])
        await at.command(at.owner, "scene archive", at=thread)
        await at.command(at.owner, "scene resume", at=thread)
        there = await at.app.client.fetch_channel(thread.id)
        assert isinstance(there, discord.Thread)
        assert not there.archived


async def test_a_scene_is_shown(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await add(at, "Bo", "I am Bo.")
        await at.command(
            at.owner, "scene start", title="Rain", characters="Bo", note="It rains.", profile="main"
        )
        await at.quiet()
        [thread] = at.hearth.threads
        assert (await at.command(at.owner, "scene show", at=thread)).splitlines() == [
            "**Rain** (running)",
            "**Characters:** Bo",
            "**Profile:** main (set by the channel)",
            "**Your persona:** your own name",
            "**Messages:** 1",
            "**Summary:** none yet",
            "**Author's note:**",
            "> It rains.",
        ]
        assert "This is no scene" in await at.command(at.owner, "scene show")


async def choose(at: Tavern, thread: Any) -> str:
    result = await at.ann.click(at.messages(thread)[0], custom_id="persona:choose")
    assert result.response
    assert result.response.ephemeral
    return result.response.content


async def add(at: Tavern, name: str, *greetings: str) -> None:
    card = v2(name=name, first_mes=greetings[0], alternate_greetings=greetings[1:])
    await at.command(at.owner, "character import", file=(f"{name}.json", as_json(card)))
