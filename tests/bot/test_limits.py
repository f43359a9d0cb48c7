"""Limits as people and managers meet them."""

from pathlib import Path
from typing import Any

from fakes.tavern import Tavern, tavern


async def set_one(at: Tavern, **options: Any) -> str:
    given = {"scope": "user", "what": "messages", "amount": 1.0, "per": "1h", **options}
    return await at.command(at.owner, "limits set", **given)


async def test_who_reached_a_limit_is_told_once_and_nothing_is_lost(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "each person: 1 messages in 1h (set by this server)" in await set_one(at)
        for text in ("One", "Two", "Three"):
            await at.ann.send(at.hearth, text)
            await at.quiet()
        said = at.said(at.hearth)
        [line] = [text for text in said if text.startswith("-#")]
        assert f"The limit of <@{at.ann.id}> is reached: 1 messages in 1h." in line
        assert "room again <t:" in line
        assert len(at.llm.requests) == 1
        await at.ben.send(at.hearth, "And me?")
        await at.quiet()
        heard = str(at.llm.requests[-1].body["messages"])
        assert "Two" in heard
        assert "Three" in heard
        assert "1 of 1 messages in 1h" in await at.command(at.ann, "limits mine")


async def test_a_limit_outlives_a_restart_and_is_gone_when_cleared(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await set_one(at)
        await at.ann.send(at.hearth, "One")
        await at.quiet()
        await at.restart()
        await at.ann.send(at.hearth, "Two")
        await at.quiet()
        assert len(at.llm.requests) == 1
        assert "Removed:" in await at.command(at.owner, "limits clear", number=1)
        await at.ann.send(at.hearth, "Three")
        await at.quiet()
        assert len(at.llm.requests) == 2


async def test_a_profile_whose_budget_is_used_up_is_skipped(tmp_path: Path) -> None:
    limits = [{"scope": "profile", "target": "main", "amount": 1, "per": "1h"}]
    async with tavern(tmp_path, limits=limits) as at:
        for text in ("One", "Two"):
            await at.ann.send(at.hearth, text)
            await at.quiet()
        assert len(at.llm.requests) == 1
        assert len(at.backup.requests) == 1
        shown = await at.command(at.owner, "limits show")
        assert "`main`: 1 messages in 1h (set by config.json)" in shown


async def test_when_every_profile_is_used_up_the_apology_says_so(tmp_path: Path) -> None:
    limits = [{"scope": "profile", "amount": 1, "per": "1h"}]
    async with tavern(tmp_path, limits=limits) as at:
        for text in ("One", "Two", "Three"):
            await at.ann.send(at.hearth, text)
            await at.quiet()
        assert "The limit of the profile `main` is reached" in at.said(at.hearth)[-1]


async def test_a_failed_request_takes_nothing(tmp_path: Path) -> None:
    limits = [{"scope": "server", "amount": 1, "per": "1h"}]
    async with tavern(tmp_path, limits=limits, main={"maxRetries": 0}) as at:
        await at.llm.refuse()
        await at.backup.refuse()
        await at.ann.send(at.hearth, "One")
        await at.quiet()
        assert "0 of 1 messages" in await at.command(at.ann, "limits mine")


async def test_only_managers_set_limits_and_only_the_owner_those_of_profiles(
    tmp_path: Path,
) -> None:
    async with tavern(tmp_path) as at:
        given = {"scope": "server", "what": "messages", "amount": 1.0, "per": "1h"}
        assert "Manage Server" in await at.command(at.ann, "limits set", **given)
        assert "only the owner" in await set_one(at, scope="profile")
        assert "window from 10s" in await set_one(at, per="1s")
        assert "no length of time" in await set_one(at, per="soon")


async def test_tokens_count_as_the_server_counted_them(tmp_path: Path) -> None:
    limits = [{"scope": "channel", "what": "tokens", "amount": 100_000, "per": "1d"}]
    async with tavern(tmp_path, limits=limits) as at:
        await at.ann.send(at.hearth, "One")
        await at.quiet()
        assert "10 of 100,000 tokens in 1d" in await at.command(at.ann, "limits mine")


async def test_what_is_written_for_a_person_counts_as_theirs(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await set_one(at)
        await at.ann.send(at.hearth, "One")
        await at.quiet()
        await at.ann.slash(at.hearth, "impersonate")
        await at.quiet()
        assert len(at.llm.requests) == 1
