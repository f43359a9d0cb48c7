"""/roll and /random, as players meet them."""

import re
from pathlib import Path
from typing import Any

import pytest
from fakes.tavern import Tavern, tavern


async def thrown(at: Tavern, command: str, **options: Any) -> str:
    """What everyone sees."""
    result = await at.ann.slash(at.hearth, command, **options)
    assert result.response
    assert not result.response.ephemeral
    await at.quiet()
    return result.response.content


async def test_a_roll_is_seen_by_all_and_by_the_model_but_not_answered(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        shown = await thrown(at, "roll", dice="2d6 + 1", reason="the climb")
        found = re.fullmatch(r"🎲 2d6\+1 \(the climb\): \*\*(\d+)\*\* = (\d) \+ (\d) \+ 1", shown)
        assert found
        total, one, two = map(int, found.groups())
        assert total == one + two + 1
        assert at.llm.requests == []
        await at.ann.send(at.hearth, "Do I make it?")
        await at.quiet()
        said = [message["content"] for message in at.llm.requests[0].body["messages"][1:]]
        assert said == [f"Ann: *rolls 2d6+1 for the climb: {total}*", "Ann: Do I make it?"]


async def test_a_deleted_roll_is_forgotten(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await thrown(at, "roll", dice="d20")
        await at.messages(at.hearth)[-1].delete()
        await at.ann.send(at.hearth, "Hello?")
        await at.quiet()
        assert "rolls" not in str(at.llm.requests[0].body["messages"])


async def test_chance_decides(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert await thrown(at, "random") in ("🎲 **heads**", "🎲 **tails**")
        shown = await thrown(at, "random", options="left, @everyone")
        assert re.fullmatch(r"🎲 \*\*(left|@everyone)\*\* \(of left, @everyone\)", shown)


@pytest.mark.parametrize("dice", ["cats", "1000d6", "2d6 fire"])
async def test_what_is_no_roll_is_told_to_the_one_who_asked(tmp_path: Path, dice: str) -> None:
    async with tavern(tmp_path) as at:
        told = await at.command(at.ann, "roll", dice=dice)
        assert told.endswith("Write dice like 2d6+1, 4d6kh3, d20adv, 3dF or d%.")


async def test_dice_work_where_nobody_plays(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        result = await at.ann.slash(at.back_room, "roll", dice="d6")
        assert result.response
        assert result.response.content.startswith("🎲 d6: **")
