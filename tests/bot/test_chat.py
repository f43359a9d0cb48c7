"""A channel that answers, played by people in a pretend Discord."""

import asyncio
from pathlib import Path

import discord
import pytest
from fakes.llm import cut, fail
from fakes.tavern import tavern

from roleplay.errors import DiskFull


async def test_a_bound_channel_answers_every_message(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Welcome", ", ", "traveller.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Welcome, traveller."]


async def test_the_model_sees_who_said_what(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Welcome.")
        at.llm.say("Ale.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        await at.ben.send(at.hearth, "What is there to drink?")
        await at.quiet()
        messages = at.llm.requests[-1].body["messages"]
        assert [message["content"] for message in messages[1:]] == [
            "Ann: Hello!",
            "Welcome.",
            "Ben: What is there to drink?",
        ]
        assert "You are Mira" in messages[0]["content"]


async def test_an_unbound_channel_is_silent(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.ann.send(at.back_room, "Hello?")
        await at.quiet()
        assert at.said(at.back_room) == ["Hello?"]
        assert at.llm.requests == []


async def test_the_reply_grows_in_one_message(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        more = asyncio.Event()
        at.llm.say("Once upon", more, " a time.")
        await at.ann.send(at.hearth, "A story, please.")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        assert at.said(at.hearth)[1] == "Once upon"
        more.set()
        await at.quiet()
        assert at.said(at.hearth)[1:] == ["Once upon a time."]


async def test_messages_that_arrive_meanwhile_are_answered_together_and_in_order(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        more = asyncio.Event()
        at.llm.say("One", more, " moment.")
        at.llm.say("To you both.")
        await at.ann.send(at.hearth, "First!")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        await at.ben.send(at.hearth, "Second!")
        await at.ann.send(at.hearth, "Third!")
        more.set()
        await at.quiet()
        assert len(at.llm.requests) == 2
        messages = at.llm.requests[1].body["messages"]
        text = "\n".join(message["content"] for message in messages)
        assert text.index("Ben: Second!") < text.index("Ann: Third!")
        assert at.said(at.hearth)[-1] == "To you both."


async def test_an_edit_and_a_deletion_change_what_the_model_sees(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        wrong = await at.ann.send(at.hearth, "I am a frog.")
        await at.quiet()
        secret = await at.ben.send(at.hearth, "My secret!")
        await at.quiet()
        await at.ann.edit(wrong, "I am a princess.")
        await at.ben.delete(secret)
        await at.quiet()
        await at.ann.send(at.hearth, "Who am I?")
        await at.quiet()
        sent = str(at.llm.requests[-1].body["messages"])
        assert "princess" in sent
        assert "frog" not in sent
        assert "secret" not in sent


async def test_the_models_words_ping_nobody(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("@everyone look at <@1>!")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        reply = at.messages(at.hearth)[-1]
        assert not reply.mention_everyone
        assert not reply.mentions


async def test_a_sick_primary_is_covered_by_the_fallback_and_asked_no_more(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.otherwise = fail(401)
        at.backup.say("The backup speaks.")
        at.backup.say("Again.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        await at.ann.send(at.hearth, "Still there?")
        await at.quiet()
        assert at.said(at.hearth)[1::2] == ["The backup speaks.", "Again."]
        assert len(at.llm.requests) == 1


async def test_when_nobody_answers_there_is_one_line_and_a_button_that_works(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        at.llm.otherwise = at.backup.otherwise = fail(401)
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        line = at.messages(at.hearth)[-1]
        assert line.content.startswith("-# No language model could answer")
        await at.command(at.owner, "profile switch", name="backup")
        await at.command(at.owner, "profile test", name="backup")
        at.backup.say("Here I am.")
        await at.ann.click(line, label="Try again")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Here I am."]


async def test_a_stream_cut_in_the_middle_keeps_its_text_and_says_so(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.next(cut("Once upon a time", reset=True))
        await at.ann.send(at.hearth, "A story!")
        await at.quiet()
        shown = at.said(at.hearth)[-1]
        assert shown.startswith("Once upon a time")
        assert "cut off" in shown
        await at.ann.send(at.hearth, "And then?")
        await at.quiet()
        assert "cut off" not in str(at.llm.requests[-1].body["messages"])


async def test_stop_keeps_what_was_said(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Once upon", asyncio.Event(), " never")
        await at.ann.send(at.hearth, "A story!")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        assert await at.command(at.ann, "stop") == "Stopped."
        await at.quiet()
        assert at.said(at.hearth)[-1] == "Once upon"
        assert at.llm.requests[0].gone.is_set()


async def test_retry_writes_another_answer_in_the_same_place(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("First try.")
        at.llm.say("Second try.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert await at.command(at.ann, "retry") == "Trying again."
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Second try."]


async def test_reset_begins_anew_for_managers_only(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.ann.send(at.hearth, "The old story.")
        await at.quiet()
        assert "A new story begins here" in await at.command(at.owner, "reset")
        await at.ann.send(at.hearth, "The new story.")
        await at.quiet()
        assert "old story" not in str(at.llm.requests[-1].body["messages"])


async def test_a_thread_is_answered_like_its_channel_but_has_its_own_history(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        told = await at.ann.send(at.hearth, "In the channel.")
        await at.quiet()
        channel = at.app.client.get_channel(at.hearth.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.create_thread(name="A side story", message=told)
        [thread] = at.hearth.threads
        await at.ann.send(thread, "In the thread.")
        await at.quiet()
        assert at.said(thread)[-2:] == ["In the thread.", "Hello there."]
        assert "In the channel." not in str(at.llm.requests[-1].body["messages"])


async def test_deleting_the_growing_reply_stops_it_in_silence(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        more = asyncio.Event()
        at.llm.say("Once upon", more, " a time")
        await at.ann.send(at.hearth, "A story!")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        await at.owner.delete(at.messages(at.hearth)[-1])
        more.set()
        await at.quiet()
        assert at.said(at.hearth) == ["A story!"]


async def test_what_was_said_while_the_bot_was_away_is_answered_once(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        missed = at.env.backend.create_message(at.hearth.id, at.ben.id, content="Anyone here?")
        at.app.client.dispatch("ready")
        await at.until(lambda: len(at.said(at.hearth)) == 4)
        at.app.client.dispatch("ready")
        await at.quiet()
        assert missed
        assert len(at.llm.requests) == 2
        assert "Ben: Anyone here?" in str(at.llm.requests[-1].body["messages"])


async def test_the_character_does_not_begin_with_its_own_name(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Mi", "ra: ", "Welcome.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Welcome."]


async def test_an_error_inside_the_open_program_leaves_it_as_itself(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        async with tavern(tmp_path):
            raise DiskFull("No room.")
