import asyncio
import random

import pytest
from fakes.clock import VirtualClock
from fakes.pool import cloud, stage
from hypothesis import given
from hypothesis import strategies as st

from backends.retry import backoff
from backends.retry_budget import RetryBudget
from roleplay.errors import (
    AllProfilesFailed,
    BackendError,
    BadKey,
    EmptyReply,
    Forbidden,
    Loading,
    Overloaded,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unreachable,
)
from roleplay.ports import ProbeResult


@given(st.integers(0, 20), st.integers())
def test_waits_lie_between_half_and_all_of_one_two_four_and_eight(retry: int, seed: int) -> None:
    longest = [1.0, 2.0, 4.0, 8.0][min(retry, 3)]
    assert longest / 2 <= backoff(retry, random.Random(seed)) <= longest


async def test_four_requests_at_most_with_growing_waits() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].otherwise = [Overloaded("busy", status=503)]
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("only")
    attempts = caught.value.attempts
    assert [a.outcome for a in attempts] == ["overloaded"] * 4
    assert [a.status for a in attempts] == [503] * 4
    assert [a.wait for a in attempts] == [*on.clock.slept, 0.0]
    for wait, longest in zip(on.clock.slept, [1, 2, 4], strict=True):
        assert longest / 2 <= wait <= longest


async def test_an_answer_after_two_failures_tells_of_each_request() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].next(Unreachable("refused"), [2.0, ServerFailed("oops", status=500)])
        on.servers["only"].next([0.5, "Hi.", 1.0])
        reply = await on.ask("only")
    assert reply.text == "Hi."
    assert [a.outcome for a in reply.attempts] == ["unreachable", "server_failed", "answered"]
    assert [a.seconds for a in reply.attempts] == pytest.approx([0, 2, 1.5])
    assert [a.first_token_seconds for a in reply.attempts] == [None, None, pytest.approx(0.5)]


@pytest.mark.parametrize("error", [BadKey("x", status=401), Forbidden("x", status=403)])
async def test_a_refused_key_is_asked_once(error: BackendError) -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].otherwise = [error]
        with pytest.raises(AllProfilesFailed):
            await on.ask("only")
    assert on.asked() == {"only": 1}
    assert on.clock.slept == []


async def test_an_empty_reply_is_worth_one_retry() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].otherwise = [EmptyReply("nothing")]
        with pytest.raises(AllProfilesFailed):
            await on.ask("only")
    assert on.asked() == {"only": 2}


async def test_max_retries_of_the_profile_is_kept() -> None:
    async with stage(only=cloud(maxRetries=1)) as on:
        on.servers["only"].otherwise = [Overloaded("busy")]
        with pytest.raises(AllProfilesFailed):
            await on.ask("only")
    assert on.asked() == {"only": 2}


async def test_retry_after_is_obeyed() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].next(RateLimited("slow down", status=429, retry_after=12.5))
        reply = await on.ask("only")
    assert on.clock.slept == [12.5]
    assert reply.attempts[0].wait == 12.5


async def test_a_short_retry_after_does_not_shorten_the_wait() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].next(RateLimited("slow down", retry_after=0.001))
        await on.ask("only")
    assert on.clock.slept[0] >= 0.5


async def test_an_absurd_retry_after_moves_on_and_leaves_the_profile_alone_until_then() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(RateLimited("come back", retry_after=3600))
        assert (await on.ask("primary")).served_by == "backup"
        assert on.clock.slept == []
        on.clock.advance(3000)
        assert (await on.ask("primary")).served_by == "backup"
        on.clock.advance(600)
        assert (await on.ask("primary")).served_by == "primary"
    assert on.asked() == {"primary": 2, "backup": 2}


async def test_a_retry_after_beyond_the_deadline_moves_on() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(RateLimited("come back", retry_after=20))
        assert (await on.ask("primary", seconds=15)).served_by == "backup"
    assert on.clock.slept == []


async def test_a_server_that_hangs_is_not_asked_again_while_another_is_there() -> None:
    hang = [60.0, TimedOut("no token", timer="first_token")]
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].otherwise = hang
        assert (await on.ask("primary")).served_by == "backup"
        assert on.asked() == {"primary": 1, "backup": 1}
    async with stage(only=cloud()) as on:
        on.servers["only"].next(hang)
        assert (await on.ask("only")).served_by == "only"
        assert on.asked() == {"only": 2}


async def test_a_loading_model_is_waited_for_with_free_questions() -> None:
    async with stage(only=cloud()) as on:
        server = on.servers["only"]
        server.next(Loading("loading", status=503))
        server.found.extend([ProbeResult("only", "starting", 0.1)] * 10)
        reply = await on.ask("only")
    assert [a.outcome for a in reply.attempts] == ["loading", "answered"]
    assert server.probes == 11
    assert sum(on.clock.slept) > 40


async def test_a_loading_model_is_waited_for_until_the_deadline_only() -> None:
    async with stage(only=cloud()) as on:
        server = on.servers["only"]
        server.otherwise = [Loading("loading")]
        server.found.extend([ProbeResult("only", "starting", 0.1)] * 1000)
        before = on.clock.monotonic()
        with pytest.raises(AllProfilesFailed):
            await on.ask("only", seconds=50)
        assert on.clock.monotonic() <= before + 50
        assert on.pool.breaker("only").phase == "closed"


def test_retries_are_a_fifth_of_a_busy_profile_s_requests() -> None:
    clock = VirtualClock()
    budget = RetryBudget(3, clock)
    for _ in range(100):
        budget.request()
    assert [budget.take() for _ in range(30)].count(True) == 23
    clock.advance(61)
    assert [budget.take() for _ in range(30)].count(True) == 3


async def test_retries_end_when_the_breaker_opens_meanwhile() -> None:
    async with stage(only=cloud()) as on:
        server = on.servers["only"]
        server.otherwise = [Overloaded("busy")]
        server.found.append(ProbeResult("only", "down", 0.1, "unreachable"))
        asked = asyncio.create_task(on.ask("only"))
        await server.asked.wait()
        await on.pool.probe("only")
        with pytest.raises(AllProfilesFailed) as caught:
            await asked
    assert on.asked() == {"only": 1}
    assert [cause.code for cause in caught.value.causes] == ["overloaded"]


async def test_a_second_message_in_a_bad_minute_has_no_three_retries_of_its_own() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].otherwise = [RateLimited("slow down")]
        for requests in (4, 5):
            with pytest.raises(AllProfilesFailed):
                await on.ask("only")
            assert on.asked()["only"] == requests
