"""The buttons below the newest reply, pressed by people in a pretend Discord."""

import asyncio
from pathlib import Path

from fakes.llm import delta, fail
from fakes.swipes import counts, press, row
from fakes.tavern import Tavern, tavern

OUTDATED = "The story has gone on since."


async def hello(at: Tavern, *replies: str) -> None:
    for reply in replies:
        at.llm.say(reply)
    await at.ann.send(at.hearth, "Hello!")
    await at.quiet()
    await at.until(lambda: len(row(at.messages(at.hearth)[-1])) > 1)


async def test_a_new_reply_has_a_row_of_buttons(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "Welcome.")
        assert row(at.messages(at.hearth)[-1]) == [
            ("left", "", False),
            ("right", "1/1", True),
            ("again", "", True),
            ("on", "", True),
            ("drop", "", True),
        ]


async def test_swiping_past_the_end_writes_and_back_shows(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.", "Two.")
        await press(at, "right")
        assert at.said(at.hearth) == ["Hello!", "Two."]
        await counts(at, "2/2")
        await press(at, "left", "ben")
        assert at.said(at.hearth) == ["Hello!", "One."]
        await counts(at, "1/2")
        await press(at, "right")
        assert at.said(at.hearth) == ["Hello!", "Two."]
        assert len(at.llm.requests) == 2


async def test_the_model_sees_the_variant_that_stands(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.", "Two.", "Three.")
        await press(at, "again")
        await press(at, "left")
        await at.ann.send(at.hearth, "And?")
        await at.quiet()
        said = [message["content"] for message in at.llm.requests[-1].body["messages"][1:]]
        assert said == ["Ann: Hello!", "One.", "Ann: And?"]


async def test_a_long_variant_takes_more_messages_and_gives_them_back(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "Short.", "long " * 700)
        await press(at, "right")
        assert len(at.said(at.hearth)) == 3
        await at.until(lambda: not row(at.messages(at.hearth)[1]))
        await counts(at, "2/2")
        await press(at, "left")
        assert at.said(at.hearth) == ["Hello!", "Short."]
        await counts(at, "1/2")


async def test_a_swipe_that_fails_keeps_what_stands(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.")
        at.llm.otherwise = at.backup.otherwise = fail(401)
        await press(at, "right")
        assert at.said(at.hearth)[1] == "One."
        assert at.said(at.hearth)[2].startswith("-# No language model could answer")
        await at.ann.send(at.hearth, "Well?")
        await at.quiet()
        assert "One." in str(at.llm.requests[-1].body["messages"])


async def test_the_old_text_stands_until_the_first_word_and_stop_keeps_it(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.")
        begin = asyncio.Event()
        at.llm.say(begin, "Two.")
        message = at.messages(at.hearth)[-1]
        await at.ben.click(message, custom_id="again:1")
        await at.until(lambda: len(at.llm.requests) == 2)
        assert at.said(at.hearth)[-1] == "One."
        assert await at.command(at.ann, "stop") == "Stopped."
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "One."]
        await counts(at, "1/1")


async def test_a_growing_reply_can_be_stopped_by_its_button(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say("Once upon", asyncio.Event(), " never")
        await at.ann.send(at.hearth, "A story!")
        await at.until(lambda: len(at.said(at.hearth)) == 2)
        message = at.messages(at.hearth)[-1]
        assert row(message) == [("halt", "Stop", True)]
        await at.ben.click(message, label="Stop")
        await at.quiet()
        await at.until(lambda: len(row(at.messages(at.hearth)[-1])) == 5)
        assert at.said(at.hearth)[-1] == "Once upon"


async def test_only_the_newest_reply_has_buttons(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.", "Two.")
        await at.ann.send(at.hearth, "And?")
        await at.quiet()
        await at.until(lambda: not row(at.messages(at.hearth)[1]))
        await at.until(lambda: len(row(at.messages(at.hearth)[3])) == 5)


async def test_a_reply_that_was_answered_is_left_alone(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "channel mode", mode="mention", wake_words="Mira")
        at.llm.say("One.")
        await at.ann.send(at.hearth, "Mira!")
        await at.quiet()
        reply = at.messages(at.hearth)[-1]
        await at.ben.send(at.hearth, "Nice place.")
        await at.quiet()
        result = await at.ann.click(reply, custom_id="again:1")
        assert result.response
        assert result.response.content.startswith(OUTDATED)
        await at.ben.send(at.hearth, "((brb))")
        assert len(at.llm.requests) == 1


async def test_the_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.", "Two.", "Three.")
        await press(at, "right")
        await counts(at, "2/2")
        await at.restart()
        await press(at, "left")
        assert at.said(at.hearth) == ["Hello!", "One."]
        await press(at, "right")
        await press(at, "right")
        assert at.said(at.hearth) == ["Hello!", "Three."]
        await counts(at, "3/3")
        at.llm.say("Four.")
        await at.ann.send(at.hearth, "And?")
        await at.quiet()
        await at.until(lambda: not row(at.messages(at.hearth)[1]))


async def test_going_on_lengthens_the_reply(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "The door opens", "and she steps in.")
        await press(at, "on")
        assert at.said(at.hearth) == ["Hello!", "The door opens and she steps in."]
        await counts(at, "1/1")
        said = at.llm.requests[-1].body["messages"]
        assert [message["role"] for message in said[-2:]] == ["assistant", "user"]
        assert said[-2]["content"] == "The door opens"


async def test_deleting_a_variant_shows_the_one_before_and_the_last_goes_whole(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "One.", "Two.")
        await press(at, "right")
        assert "Only those whom it answers" in await press(at, "drop", "ben")
        await press(at, "drop")
        assert at.said(at.hearth) == ["Hello!", "One."]
        await counts(at, "1/1")
        await press(at, "drop", "owner")
        assert at.said(at.hearth) == ["Hello!"]
        await at.ann.send(at.hearth, "And?")
        await at.quiet()
        assert "One." not in str(at.llm.requests[-1].body["messages"])


async def test_alternatives_are_swipes(tmp_path: Path) -> None:
    async with tavern(tmp_path, main={"sampler": {"n": 2}}) as at:
        at.llm.say(delta("Or so.", index=1, finish="stop"), "Either.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        await at.until(lambda: len(row(at.messages(at.hearth)[-1])) > 1)
        await counts(at, "1/2")
        await press(at, "right")
        assert at.said(at.hearth) == ["Hello!", "Or so."]


async def test_buttons_can_be_switched_off(tmp_path: Path) -> None:
    chat = {"character": {"name": "Mira"}, "editInterval": 0.05, "buttons": False}
    async with tavern(tmp_path, chat=chat) as at:
        at.llm.say("One.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert row(at.messages(at.hearth)[-1]) == []


async def test_a_character_with_a_voice_of_its_own_is_swiped_alike(tmp_path: Path) -> None:
    chat = {"character": {"name": "Mira"}, "editInterval": 0.05, "voices": "all"}
    async with tavern(tmp_path, chat=chat) as at:
        await hello(at, "Short.", "long " * 700)
        await press(at, "right")
        await at.until(lambda: not row(at.messages(at.hearth)[1]))
        await counts(at, "2/2")
        assert [m.author.name for m in at.messages(at.hearth)] == ["Ann", *["Mira"] * 2]
        await press(at, "left")
        assert at.said(at.hearth) == ["Hello!", "Short."]
        await counts(at, "1/2")


async def test_going_on_that_fails_is_tried_again_as_such(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await hello(at, "The door opens")
        at.llm.otherwise = at.backup.otherwise = fail(401)
        await press(at, "on")
        line = at.messages(at.hearth)[-1]
        assert line.content.startswith("-# No language model could answer")
        await at.command(at.owner, "profile switch", name="backup")
        await at.command(at.owner, "profile test", name="backup")
        at.backup.say("and she steps in.")
        await at.ann.click(line, label="Try again")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "The door opens and she steps in."]
