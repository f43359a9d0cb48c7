"""What a profile's server tells of itself, and what its admin is warned of."""

import logging

import pytest
from fakes.pool import cloud, stage

from backends.limits import Queue
from roleplay.chat import Delta
from roleplay.ports import ProbeResult

UP = ProbeResult("only", "up", 0.1, window=4096, slots=2, version="1.2")


async def test_what_the_server_tells_is_known_after_a_probe() -> None:
    async with stage(only=cloud()) as on:
        assert on.pool.known("only") is None
        on.servers["only"].found.append(UP)
        await on.pool.probe("only")
        assert on.pool.known("only") == UP
        assert on.pool.queue("only") == Queue(0, 0, 2)


async def test_a_server_that_is_down_tells_nothing_new() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].found.extend([UP, ProbeResult("only", "down", 0.1, "timeout")])
        await on.pool.probe("only")
        await on.pool.probe("only")
        assert on.pool.known("only") == UP


async def test_a_profiles_own_limit_counts_more_than_the_servers_slots() -> None:
    async with stage(only=cloud(maxConcurrent=7)) as on:
        on.servers["only"].found.append(UP)
        await on.pool.probe("only")
        assert on.pool.queue("only").limit == 7


async def test_a_window_that_is_too_large_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async with stage(only=cloud(sampler={"maxContextTokens": 8192})) as on:
        on.servers["only"].found.extend([UP, UP])
        with caplog.at_level(logging.WARNING, "backends.line"):
            await on.pool.probe("only")
            await on.pool.probe("only")
        [caution] = on.pool.cautions("only")
    assert caplog.messages == [f"only: {caution}"]
    assert "4096 is used" in caution


async def test_another_model_that_answers_is_noticed_from_its_replies() -> None:
    async with stage(only=cloud(model="mira-12b")) as on:
        on.servers["only"].next([Delta("Hello", model="other-7b")])
        await on.ask("only")
        assert on.pool.cautions("only") == ("other-7b answers instead of mira-12b.",)
        on.servers["only"].next([Delta("Hello", model="mira-12b")])
        await on.ask("only")
        assert on.pool.cautions("only") == ()


async def test_a_model_that_will_be_switched_off_is_told_by_the_clocks_day() -> None:
    async with stage(only=cloud(model="old")) as on:
        found = ProbeResult("only", "up", 0.1, shutdowns={"old": "2023-12-24"})
        on.servers["only"].found.append(found)
        await on.pool.probe("only")
        assert on.pool.cautions("only") == (
            "old will be switched off on 2023-12-24. Choose another.",
        )
