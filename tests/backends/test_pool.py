import asyncio
import random

import pytest
from fakes.clock import VirtualClock
from fakes.pool import HELLO, cloud, stage
from fakes.server import QueueServer

from backends.pool import Pool
from roleplay.chat import Delta
from roleplay.closing import closing
from roleplay.errors import (
    AllProfilesFailed,
    BadKey,
    BadParameter,
    CircuitOpen,
    Filtered,
    NoSuchProfile,
    Overloaded,
    RateLimited,
    ServerFailed,
    StreamBroken,
    TimedOut,
    Unreachable,
)
from roleplay.ports import ProbeResult

DOWN = ProbeResult("primary", "down", 0.1, "unreachable", "refused", "Start the server.")


async def test_the_first_fallback_answers_and_the_second_message_does_not_wait() -> None:
    async with stage(primary=cloud("first", "second"), first=cloud(), second=cloud()) as on:
        on.servers["primary"].next(*[Overloaded("busy", status=503)] * 2)
        on.servers["primary"].otherwise = [Unreachable("refused")]
        reply = await on.ask("primary")
        assert reply.served_by == "first"
        assert on.asked() == {"primary": 4, "first": 1, "second": 0}
        on.clock.slept.clear()
        assert (await on.ask("primary")).served_by == "first"
        assert on.asked() == {"primary": 4, "first": 2, "second": 0}
        assert on.clock.slept == []


async def test_after_the_wait_one_trial_decides() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        primary = on.servers["primary"]
        primary.next(*[Unreachable("refused")] * 5)
        await on.ask("primary")
        on.clock.advance(15)
        on.clock.slept.clear()
        assert (await on.ask("primary")).served_by == "backup"
        assert len(primary.requests) == 5
        assert on.clock.slept == []
        on.clock.advance(29)
        assert (await on.ask("primary")).served_by == "backup"
        on.clock.advance(1)
        assert (await on.ask("primary")).served_by == "primary"
        assert on.pool.breaker("primary").phase == "closed"


async def test_a_wrong_key_is_asked_once_and_then_not_until_something_changes() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(BadKey("wrong", hint="Check the key.", status=401))
        await on.ask("primary")
        on.clock.advance(100_000)
        assert (await on.ask("primary")).served_by == "backup"
        status = on.pool.breaker("primary")
        assert (status.phase, status.seconds) == ("open", None)
        assert (status.code, status.hint) == ("bad_key", "Check the key.")
        assert on.asked() == {"primary": 1, "backup": 2}
        changed = cloud("backup", apiKey="new")
        await on.pool.replace({"primary": changed, "backup": cloud()})
        assert (await on.ask("primary")).served_by == "primary"


async def test_a_manual_test_passes_an_open_breaker_and_closes_it() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(BadKey("wrong"))
        await on.ask("primary")
        assert (await on.pool.test("primary", HELLO)).text == "Hello."
        assert (await on.ask("primary")).served_by == "primary"


async def test_a_manual_test_is_one_request_to_that_profile() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].otherwise = [ServerFailed("oops")]
        with pytest.raises(ServerFailed) as caught:
            await on.pool.test("primary", HELLO)
        assert [a.outcome for a in caught.value.attempts] == ["server_failed"]
        assert on.asked() == {"primary": 1, "backup": 0}


async def test_probes_open_and_close_the_breaker() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].found.append(DOWN)
        assert await on.pool.probe("primary") == DOWN
        assert (await on.ask("primary")).served_by == "backup"
        await on.pool.probe("primary")
        assert (await on.ask("primary")).served_by == "primary"
        assert on.asked() == {"primary": 1, "backup": 1}


async def test_with_every_breaker_open_the_one_that_opens_soonest_is_asked_once() -> None:
    async with stage(a=cloud("b", "c"), b=cloud(), c=cloud()) as on:
        for name in ("a", "b", "c"):
            on.servers[name].next(
                RateLimited("wait", retry_after={"a": 300, "b": 99, "c": 400}[name])
            )
        with pytest.raises(AllProfilesFailed):
            await on.ask("a")
        on.servers["b"].next(Overloaded("busy"))
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("a")
        assert on.asked() == {"a": 1, "b": 2, "c": 1}
        assert on.clock.slept == []
        skipped, also, tried = caught.value.causes
        assert isinstance(skipped, CircuitOpen)
        assert isinstance(also, CircuitOpen)
        assert isinstance(tried, Overloaded)
        assert (skipped.profile, skipped.retry_after) == ("a", 300)
        assert (await on.ask("a")).served_by == "b"


async def test_when_all_are_down_every_cause_is_told_with_its_hint() -> None:
    async with stage(primary=cloud("backup", maxRetries=0), backup=cloud(maxRetries=0)) as on:
        on.servers["primary"].otherwise = [BadKey("401: wrong key", hint="Check the key.")]
        on.servers["backup"].otherwise = [Unreachable("refused", hint="Start the server.")]
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("primary")
    error = caught.value
    assert [type(cause) for cause in error.causes] == [BadKey, Unreachable]
    assert [cause.profile for cause in error.causes] == ["primary", "backup"]
    assert error.hint == "primary: Check the key.\nbackup: Start the server."
    assert "backup: refused" in str(error)
    assert [a.profile for a in error.attempts] == ["primary", "backup"]


async def test_nothing_is_tried_again_after_visible_text() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(["Once upon", StreamBroken("connection lost")])
        reply = await on.ask("primary")
        assert (reply.text, reply.finish_reason) == ("Once upon", "cut")
        assert [a.outcome for a in reply.attempts] == ["stream_broken"]
        assert on.asked() == {"primary": 1, "backup": 0}
        assert on.pool.breaker("primary").phase == "closed"


async def test_reasoning_alone_is_not_visible_text() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next([Delta(reasoning="Hm."), BadParameter("no")])
        assert (await on.ask("primary")).served_by == "backup"


async def test_a_refusal_by_a_filter_is_not_taken_to_another_profile() -> None:
    async with stage(primary=cloud("backup"), backup=cloud()) as on:
        on.servers["primary"].next(Filtered("no", hint="Rephrase."))
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("primary")
        assert [type(cause) for cause in caught.value.causes] == [Filtered]
        assert on.asked() == {"primary": 1, "backup": 0}


async def test_the_deadline_bounds_the_whole_cascade() -> None:
    chain = {"a": cloud("b", "c"), "b": cloud(), "c": cloud()}
    async with stage(**chain) as on:
        for server in on.servers.values():
            server.otherwise = [25.0, TimedOut("no token", timer="first_token")]
        start = on.clock.monotonic()
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("a", seconds=60)
        assert on.clock.monotonic() <= start + 60
        assert [cause.profile for cause in caught.value.causes] == ["a", "b", "c"]
        assert on.pool.breaker("c").phase == "closed"


async def test_a_profile_is_tried_once_and_fallbacks_of_fallbacks_are_not_followed() -> None:
    async with stage(a=cloud("b", "b"), b=cloud("c"), c=cloud()) as on:
        for name in ("a", "b"):
            on.servers[name].otherwise = [BadParameter("no")]
        with pytest.raises(AllProfilesFailed):
            await on.ask("a")
        assert on.asked() == {"a": 1, "b": 1, "c": 0}


async def test_requests_wait_in_line_in_order_and_the_line_can_be_seen() -> None:
    async with stage(only=cloud(maxConcurrent=2)) as on:
        on.servers["only"].otherwise = ["One", 5.0, " two."]
        asks = [asyncio.create_task(on.ask("only")) for _ in range(5)]
        await on.servers["only"].asked.wait()
        queue = on.pool.queue("only")
        assert (queue.running, queue.waiting, queue.limit) == (2, 3, 2)
        replies = await asyncio.gather(*asks)
        assert {reply.text for reply in replies} == {"One two."}
        queue = on.pool.queue("only")
        assert (queue.running, queue.waiting) == (0, 0)


async def test_waiting_in_line_ends_at_the_deadline_and_counts_against_nobody() -> None:
    async with stage(only=cloud(maxConcurrent=1)) as on:
        deadline = on.clock.monotonic() + 60
        async with closing(on.pool.chain("only").stream(HELLO, deadline)) as held:
            await anext(held)
            with pytest.raises(AllProfilesFailed) as caught:
                await on.ask("only", seconds=0.02)
            assert isinstance(caught.value.causes[0], TimedOut)
            assert "maxConcurrent" in caught.value.hint
        assert on.pool.breaker("only").phase == "closed"
        assert (await on.ask("only")).text == "Hello."


async def test_a_reader_that_leaves_cancels_the_request_and_frees_its_place() -> None:
    async with stage(only=cloud(maxConcurrent=1)) as on:
        on.servers["only"].otherwise = ["One", " two", " three"]
        deadline = on.clock.monotonic() + 60
        async with closing(on.pool.chain("only").stream(HELLO, deadline)) as events:
            await anext(events)
        assert on.servers["only"].cancelled == 1
        assert on.pool.queue("only").running == 0


async def test_a_stopped_trial_leaves_the_next_message_its_own() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].found.append(DOWN)
        await on.pool.probe("only")
        on.clock.advance(15)
        on.servers["only"].next([Delta(reasoning="Hm"), "Hi"])
        deadline = on.clock.monotonic() + 60
        async with closing(on.pool.chain("only").stream(HELLO, deadline)) as events:
            await anext(events)
        await on.ask("only")
        assert on.pool.breaker("only").phase == "closed"


async def test_streams_end_on_the_connections_they_began_on_when_profiles_change() -> None:
    async with stage(only=cloud(), same=cloud()) as on:
        old = on.servers["only"]
        old.otherwise = ["One", " two."]
        chain = on.pool.chain("only")
        deadline = on.clock.monotonic() + 60
        async with closing(chain.stream(HELLO, deadline)) as events:
            first = await anext(events)
            await on.pool.replace({"only": cloud(model="newer"), "same": cloud()})
            assert old.is_open
            rest = [event async for event in events]
        assert isinstance(first, Delta)
        assert [e.text for e in rest if isinstance(e, Delta)] == [" two.", ""]
        assert not old.is_open
        await on.ask("only")
        assert on.servers["only"].profile.model == "newer"
        assert len(on.opened) == 3
    assert not any(server.is_open for server in on.opened)


async def test_unchanged_profiles_keep_what_is_known_of_them() -> None:
    async with stage(only=cloud()) as on:
        on.servers["only"].found.append(DOWN)
        await on.pool.probe("only")
        await on.pool.replace({"only": cloud(), "new": cloud()})
        assert on.pool.breaker("only").phase == "open"
        assert list(on.pool.profiles) == ["only", "new"]
        assert on.pool.profiles["new"].name == "new"


async def test_a_profile_that_is_gone_fails_with_the_names_there_are() -> None:
    async with stage(only=cloud("gone")) as on:
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask("lost")
        assert isinstance(caught.value.causes[0], NoSuchProfile)
        assert "only" in caught.value.hint
        assert on.pool.tokenizer("lost") is None
        assert (await on.ask("only")).text == "Hello."
        with pytest.raises(NoSuchProfile):
            await on.pool.probe("lost")


async def test_a_chain_with_a_local_server_has_ten_minutes() -> None:
    local = cloud(baseURL="http://127.0.0.1:11434/v1")
    async with stage(a=cloud(), b=cloud("local"), local=local) as on:
        assert on.pool.deadline_seconds("a") == 120
        assert on.pool.deadline_seconds("b") == 600
        assert on.pool.queue("a").limit == 16
        assert on.pool.queue("local").limit == 4


async def test_the_config_may_set_the_deadline() -> None:
    clock = VirtualClock()
    pool = Pool({}, clock=clock, rng=random.Random(7), open_server=QueueServer, deadline=30)
    async with pool:
        assert pool.deadline_seconds("anything") == 30
        assert pool.chain("anything").name == "anything"
