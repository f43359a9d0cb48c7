"""The whole chain over real sockets."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from fakes.clock import HastyClock
from fakes.llm import ScriptedLlm, cut, fail, hang, rate_limit
from fakes.pool import HELLO

from backends.pool import Pool
from roleplay.chat import ChatReply, Delta, StreamEvent
from roleplay.closing import closing
from roleplay.collect import collect
from roleplay.errors import AllProfilesFailed, BadKey, Overloaded, Unreachable
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.sampler import Sampler


@dataclass
class Rig:
    """A primary and a backup on loopback sockets, under one pool."""

    primary: ScriptedLlm
    backup: ScriptedLlm
    pool: Pool
    clock: HastyClock

    async def ask(self, prompt: Prompt = HELLO, seconds: float = 30.0) -> ChatReply:
        deadline = self.clock.monotonic() + seconds
        return await collect(self.pool.chain("primary").stream(prompt, deadline))


@asynccontextmanager
async def rig(**primary: object) -> AsyncGenerator[Rig]:
    clock = HastyClock()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(ScriptedLlm())
        two = await stack.enter_async_context(ScriptedLlm())
        profiles = {
            "primary": profile(one, fallbackProfiles=("backup",), **primary),
            "backup": profile(two, sampler={"maxContextTokens": 512}),
        }
        pool = await stack.enter_async_context(Pool(profiles, clock=clock, rng=random.Random(3)))
        yield Rig(one, two, pool, clock)


def profile(llm: ScriptedLlm, **fields: object) -> ConnectionProfile:
    return ConnectionProfile.model_validate({"baseURL": llm.url, "model": "scripted", **fields})


async def test_a_primary_that_fails_and_then_refuses_is_replaced_by_the_fallback() -> None:
    async with rig() as on:
        on.primary.otherwise = fail(503)
        reply = await on.ask()
        assert (reply.text, reply.served_by) == ("Hello there.", "backup")
        assert [a.status for a in reply.attempts] == [503] * 4 + [None]
        assert [a.profile for a in reply.attempts] == ["primary"] * 4 + ["backup"]
        assert len(on.clock.slept) == 3
        await on.primary.refuse()
        on.clock.slept.clear()
        reply = await on.ask()
        assert [a.profile for a in reply.attempts] == ["backup"]
        assert len(on.primary.requests) == 4
        assert on.clock.slept == []


async def test_a_refused_connection_is_tried_four_times() -> None:
    async with rig() as on:
        await on.primary.refuse()
        reply = await on.ask()
        outcomes = [a.outcome for a in reply.attempts]
        assert outcomes == ["unreachable"] * 4 + ["answered"]


async def test_a_wrong_key_is_one_request() -> None:
    async with rig() as on:
        on.primary.otherwise = fail(401, code="invalid_api_key")
        assert (await on.ask()).served_by == "backup"
        assert (await on.ask()).served_by == "backup"
        assert len(on.primary.requests) == 1
        assert on.pool.breaker("primary").seconds is None


async def test_retry_after_is_obeyed_and_an_absurd_one_moves_on() -> None:
    async with rig() as on:
        on.primary.next(rate_limit("7"))
        assert (await on.ask()).served_by == "primary"
        assert on.clock.slept == [7.0]
        on.primary.next(rate_limit("3600"))
        reply = await on.ask()
        assert reply.served_by == "backup"
        assert on.clock.slept == [7.0]
        assert 3500 < (on.pool.breaker("primary").seconds or 0) <= 3600


async def test_a_cut_stream_keeps_its_text_and_is_not_asked_again() -> None:
    async with rig() as on:
        on.primary.next(cut("Once upon", " a time", reset=True))
        reply = await on.ask()
        assert (reply.text, reply.finish_reason) == ("Once upon a time", "cut")
        assert (len(on.primary.requests), len(on.backup.requests)) == (1, 0)


async def test_a_cut_stream_without_text_is_tried_again() -> None:
    async with rig() as on:
        on.primary.next(cut())
        reply = await on.ask()
        assert reply.served_by == "primary"
        assert len(on.primary.requests) == 2


async def test_a_primary_that_hangs_leaves_time_for_the_fallback() -> None:
    async with rig(timeouts={"firstToken": 0.05}, maxRetries=1) as on:
        on.primary.otherwise = hang()
        reply = await on.ask()
        assert [a.outcome for a in reply.attempts] == ["timeout", "timeout", "answered"]


async def test_the_deadline_ends_a_cascade_in_which_everybody_hangs() -> None:
    async with rig() as on:
        on.primary.otherwise = on.backup.otherwise = hang()
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask(seconds=0.2)
        assert [cause.profile for cause in caught.value.causes] == ["primary", "backup"]
        assert [cause.code for cause in caught.value.causes] == ["timeout", "timeout"]


async def test_when_all_are_down_every_cause_comes_with_a_hint() -> None:
    async with rig() as on:
        on.primary.otherwise = fail(401, code="invalid_api_key")
        await on.backup.refuse()
        with pytest.raises(AllProfilesFailed) as caught:
            await on.ask()
        key, refused = caught.value.causes
        assert isinstance(key, BadKey)
        assert isinstance(refused, Unreachable)
        assert key.hint
        assert refused.hint
        assert len(caught.value.attempts) == 5


async def test_the_fallback_gets_what_fits_its_own_window() -> None:
    history = [Block("line", "user", "Ann: the river runs " * 8, n) for n in range(60)]
    async with rig(sampler={"maxContextTokens": 8000}) as on:
        on.primary.otherwise = fail(503)
        await on.ask(Prompt((*history, Block("newest", "user", "Ann: Why?", REQUIRED))))
        long, short = on.primary.requests[0].body, on.backup.requests[0].body
        assert len(long["messages"]) == 61
        assert len(short["messages"]) < 12
        assert short["messages"][-1]["content"] == "Ann: Why?"


async def test_a_reload_lets_a_running_reply_end_on_the_old_connection() -> None:
    async with rig() as on:
        more = asyncio.Event()
        on.primary.say("One", more, " two.")
        deadline = on.clock.monotonic() + 30
        async with closing(on.pool.chain("primary").stream(HELLO, deadline)) as events:
            text = [event.text async for event in _until_text(events)]
            await on.pool.replace({"primary": profile(on.backup)})
            more.set()
            text += [event.text async for event in events if isinstance(event, Delta)]
        assert "".join(text) == "One two."
        assert (await on.ask()).served_by == "primary"
        assert (len(on.primary.requests), len(on.backup.requests)) == (1, 1)


async def test_a_reader_that_leaves_is_felt_at_the_server() -> None:
    async with rig() as on:
        on.primary.say("One", asyncio.Event())
        deadline = on.clock.monotonic() + 30
        async with closing(on.pool.chain("primary").stream(HELLO, deadline)) as events:
            async for _ in _until_text(events):
                pass
        await asyncio.wait_for(on.primary.requests[0].gone.wait(), 10)


async def test_a_manual_test_and_a_probe_tell_what_is_wrong() -> None:
    async with rig() as on:
        on.primary.next(fail(503))
        with pytest.raises(Overloaded):
            await on.pool.test("primary", HELLO)
        assert (await on.pool.probe("primary")).state == "up"
        await on.primary.refuse()
        assert (await on.pool.probe("primary")).state == "down"
        assert on.pool.breaker("primary").phase == "open"


async def test_a_real_server_s_refusal_trims_the_prompt_and_is_remembered(
    llama_server: ConnectionProfile,
) -> None:
    large = Sampler(maxContextTokens=50_000, max_completion_tokens=8)
    only = llama_server.model_copy(update={"sampler": large})
    prompt = Prompt(
        (
            Block("card", "system", "You are Bob.", REQUIRED),
            Block("archive", "user", "The river runs down to the sea. " * 1500, 1),
            Block("newest", "user", "Ann: Hello, Bob!", REQUIRED),
        )
    )
    async with Pool({"only": only}, clock=HastyClock(), rng=random.Random(3)) as pool:
        chain = pool.chain("only")
        reply = await collect(chain.stream(prompt, time.monotonic() + 60))
        assert [a.outcome for a in reply.attempts] == ["context_overflow", "answered"]
        assert reply.text
        assert reply.usage
        assert reply.usage.prompt_tokens < 60
        reply = await collect(chain.stream(prompt, time.monotonic() + 60))
        assert [a.outcome for a in reply.attempts] == ["answered"]


async def _until_text(events: AsyncIterator[StreamEvent]) -> AsyncGenerator[Delta]:
    """The deltas up to the first with text."""
    async for event in events:
        if isinstance(event, Delta):
            yield event
            if event.text:
                return
