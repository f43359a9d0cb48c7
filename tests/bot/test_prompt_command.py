"""/prompt, as a manager meets it."""

import json
from pathlib import Path
from typing import Any

from fakes.tavern import Tavern, tavern

from bot.cogs.prompt import LONGEST


async def shown(at: Tavern, **options: Any) -> tuple[str, str, dict[str, Any]]:
    """The answer, and what its two files hold."""
    result = await at.owner.slash(at.hearth, "prompt", **options)
    answer = result.followups[-1] if result.followups else result.response
    assert answer
    assert answer.ephemeral
    text, data = [await file.read() for file in answer.attachments]
    return answer.content, text.decode(), json.loads(data)


async def talk(at: Tavern, *texts: str) -> None:
    for text in texts:
        at.llm.say("Indeed.")
        await at.ann.send(at.hearth, text)
        await at.quiet()


async def test_it_shows_exactly_what_is_sent_next(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await talk(at, "Hello?", "Anyone?")
        answer, text, data = await shown(at)
        assert answer.startswith("**Mira** would be asked like this:")
        assert "history" in answer
        assert "Ends at: `⏎Ann:`" in answer
        assert "-# Fallbacks are fitted anew: backup" in answer
        assert "=== history (user, about" in text
        assert [block["label"] for block in data["blocks"]][:2] == ["main prompt", "history"]
        sent = at.llm.requests[-1].body["messages"]
        seen = [{"role": one["role"], "content": one["text"]} for one in data["messages"]]
        assert seen[: len(sent)] == sent
        assert data["profile"] == "main"


async def test_what_has_no_room_is_told(tmp_path: Path) -> None:
    small = {"sampler": {"maxContextTokens": 256, "max_completion_tokens": 32}}
    async with tavern(tmp_path, main=small) as at:
        await talk(at, *(f"{n} " + "word " * 20 for n in range(5)))
        answer, text, data = await shown(at)
        assert "of 10 sent" in answer
        assert "left out" in text
        assert 0 < data["historyLeftOut"] < 10
        assert data["tokens"] <= 256 - 32
        _, _, wide = await shown(at, profile="backup")
        assert wide["historyLeftOut"] == 0
        assert wide["profile"] == "backup"


async def test_nothing_is_shown_where_nobody_speaks(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "not bound" in await at.command(at.owner, "prompt", at=at.back_room)
        told = await at.command(at.owner, "prompt", character="Nobody")
        assert told == "There is no character “Nobody” in this channel."
        assert "no profile “bakup”" in await at.command(at.owner, "prompt", profile="bakup")


async def test_a_long_prompt_is_shown_as_far_as_it_fits(tmp_path: Path) -> None:
    stops = {"sampler": {"stop": [f"{n} " + "x" * 50 for n in range(60)]}}
    async with tavern(tmp_path, main=stops) as at:
        assert len(await at.command(at.owner, "prompt")) == LONGEST


async def test_players_do_not_see_it(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "prompt" not in at.ann.available_commands(at.hearth)
        assert "prompt" in at.owner.available_commands(at.hearth)
