"""The program ends while one character speaks and another one waits."""

import asyncio
from pathlib import Path

from fakes.cards import as_json, v2
from fakes.tavern import tavern


async def test_a_round_that_was_cut_off_is_offered_once_and_goes_on_whole(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        for name in ("Nova", "Rex", "Vex"):
            card = as_json(v2(name=name))
            await at.command(at.owner, "character import", file=(f"{name}.json", card))
            await at.command(at.owner, "cast add", character=name)
        await at.command(at.owner, "cast order", order="list")
        at.llm.say("Nova.")
        at.llm.say("Well", asyncio.Event(), "never")
        await at.ann.send(at.hearth, "Hello?")
        await at.until(lambda: len(at.said(at.hearth)) == 3)
        await at.restart()
        await at.until(lambda: "interrupted" in at.said(at.hearth)[-1])
        await at.quiet()
        assert len(at.said(at.hearth)) == 4
        at.llm.say("Rex.")
        at.llm.say("Vex.")
        await at.ann.click(at.messages(at.hearth)[-1], label="Try again")
        await at.quiet()
        assert [(each.author.name, each.content) for each in at.messages(at.hearth)] == [
            ("Ann", "Hello?"),
            ("Nova", "Nova."),
            ("Rex", "Rex."),
            ("Vex", "Vex."),
        ]
