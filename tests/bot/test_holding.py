"""A channel that waits for its profile, as the people in it see it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fakes.tavern import Tavern, tavern

CHAT = {"character": {"name": "Mira"}, "editInterval": 0.05, "whenDown": "queue"}


@asynccontextmanager
async def queueing(folder: Path) -> AsyncGenerator[Tavern]:
    async with tavern(folder, chat=CHAT, main={"maxRetries": 0}) as at:
        await at.llm.refuse()
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        yield at


async def comes_back(at: Tavern) -> None:
    """The server is well again, and a manager has looked."""
    await at.llm.listen()
    at.llm.say("I am well.")
    assert "I am well." in await at.command(at.owner, "profile test", name="main")


async def test_messages_wait_with_their_place_and_nobody_else_answers(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        line = "-# `main` is down. This message waits, number 1 in line, for when it is back."
        assert at.said(at.hearth)[-1] == line
        assert at.backup.requests == []
        await at.ann.send(at.hearth, "Anybody?")
        await at.quiet()
        assert [text for text in at.said(at.hearth) if "2 messages wait here" in text]
        assert line not in at.said(at.hearth)


async def test_they_are_answered_together_once_the_profile_is_back(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        await at.ann.send(at.hearth, "Anybody?")
        await at.quiet()
        await comes_back(at)
        at.llm.say("Here I am.")
        await at.app.holding.look()
        await at.quiet()
        assert at.said(at.hearth) == ["Hello?", "Anybody?", "Here I am."]
        asked = str(at.llm.requests[-1].body["messages"])
        assert "Hello?" in asked
        assert "Anybody?" in asked


async def test_a_restart_forgets_nobody_who_waits(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        await at.llm.listen()
        at.llm.say("Here I am.")
        await at.restart()
        await at.until(lambda: len(at.said(at.hearth)) == 2 and not at.app.turns.running())
        assert at.said(at.hearth) == ["Hello?", "Here I am."]


async def test_while_it_is_down_nobody_is_let_go(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        before = at.said(at.hearth)
        await at.app.holding.look()
        await at.quiet()
        assert at.said(at.hearth) == before


async def test_one_whose_answer_fails_again_keeps_waiting(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        await comes_back(at)
        await at.llm.refuse()
        await at.app.holding.look()
        await at.quiet()
        assert "number 1 in line" in at.said(at.hearth)[-1]


async def test_a_manager_chooses_what_a_channel_does(tmp_path: Path) -> None:
    async with queueing(tmp_path) as at:
        text = await at.command(at.owner, "channel when-down", choice="fallback")
        assert "**While it is down:** other profiles answer" in text
        at.backup.say("The spare speaks.")
        await at.ann.send(at.hearth, "And now?")
        await at.quiet()
        assert at.said(at.hearth)[-1] == "The spare speaks."
