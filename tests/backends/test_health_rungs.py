"""What each rung of a check says of host, model and answer, over real sockets."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from fakes.clock import HastyClock
from fakes.llm import ScriptedLlm, delta, fail, hang, say
from fakes.pool import HELLO

from backends.connectivity import any_reachable, split_target
from backends.host import place_of
from backends.pool import Pool
from backends.webhook import Webhook
from roleplay.closing import closing
from roleplay.ladder import Completion, Spend
from roleplay.places import Place
from roleplay.profiles import ConnectionProfile

NO_TIME = {"probe": 0.1, "connect": 0.2, "firstToken": 0.2}


@asynccontextmanager
async def pool(llm: ScriptedLlm, **fields: object) -> AsyncGenerator[Pool]:
    settings = {"baseURL": llm.url, "model": "scripted", "maxRetries": 0, **fields}
    profiles = {"ann": ConnectionProfile.model_validate(settings)}
    async with Pool(profiles, clock=HastyClock(), rng=random.Random(3)) as opened:
        yield opened


async def answer(llm: ScriptedLlm, **fields: object) -> Completion:
    async with pool(llm, **fields) as opened:
        return await opened.complete("ann")


async def test_free_questions_tell_host_and_model_apart() -> None:
    async with ScriptedLlm() as llm, pool(llm, timeouts=NO_TIME) as opened:
        well = await opened.probe("ann")
        llm.models = ["another"]
        unlisted = await opened.probe("ann")
        llm.sick(hang())
        hung = await opened.probe("ann")
        llm.sick(fail(401))
        locked = await opened.probe("ann")
        await llm.refuse()
        gone = await opened.probe("ann")
    assert (well.state, well.host, well.listed) == ("up", True, True)
    assert (unlisted.state, unlisted.host, unlisted.listed) == ("up", True, False)
    assert (hung.state, hung.code, hung.host) == ("down", "timeout", True)
    assert (locked.state, locked.code, locked.host) == ("down", "bad_key", True)
    assert (gone.state, gone.code, gone.host) == ("down", "unreachable", False)


async def test_a_model_is_left_at_its_first_word() -> None:
    never = asyncio.Event()
    async with ScriptedLlm() as llm:
        llm.say("Hello", never)
        completion = await answer(llm)
        (seen,) = llm.requests
        await asyncio.wait_for(seen.gone.wait(), 10)
    assert (completion.result.state, completion.result.answered) == ("up", True)
    assert seen.body["max_tokens"] == 32 or seen.body["max_completion_tokens"] == 32


async def test_thinking_is_an_answer_and_is_given_more_room_from_then_on() -> None:
    async with ScriptedLlm() as llm:
        llm.next(say(delta(reasoning_content="Let me see"), finish="length"))
        async with pool(llm) as opened:
            before = opened.most("ann")
            completion = await opened.complete("ann")
            after = opened.most("ann")
    assert completion.result.answered
    assert (before.tokens, after.tokens) == (64 + 32, 64 + 512)


async def test_a_model_that_thinks_unseen_until_its_tokens_are_used_up_has_answered() -> None:
    async with ScriptedLlm() as llm:
        llm.next(say(finish="length"))
        completion = await answer(llm)
    assert (completion.result.state, completion.result.answered) == ("up", True)


@pytest.mark.parametrize(
    ("status", "code", "state", "cause"),
    [
        (500, "", "down", "server_failed"),
        (404, "model_not_found", "down", "no_model"),
        (503, "", "down", "overloaded"),
    ],
)
async def test_a_model_that_fails_is_down_although_its_server_is_up(
    status: int, code: str, state: str, cause: str
) -> None:
    async with ScriptedLlm() as llm:
        llm.fail(status, code=code)
        found = (await answer(llm)).result
    assert (found.state, found.code, found.answered) == (state, cause, True)


async def test_a_model_that_is_loaded_is_starting() -> None:
    async with ScriptedLlm() as llm:
        llm.next(fail(503, {"error": {"message": "Loading model"}}))
        loading = (await answer(llm)).result
        llm.next(hang())
        cold = (await answer(llm, timeouts=NO_TIME)).result
    assert (loading.state, loading.code) == ("starting", "loading")
    assert (cold.state, cold.code) == ("starting", "loading")


async def test_a_rate_limit_says_nothing_of_the_model() -> None:
    async with ScriptedLlm() as llm:
        llm.fail(429)
        found = (await answer(llm)).result
    assert (found.state, found.answered) == ("up", False)


async def test_a_price_makes_an_answer_cost() -> None:
    async with ScriptedLlm() as llm, pool(llm, price={"input": 10, "output": 100}) as opened:
        assert opened.most("ann") == Spend(1, 96, (64 * 10 + 32 * 100) / 1e6)


async def test_probes_answer_while_a_hundred_streams_hang() -> None:
    """H11."""
    never = asyncio.Event()
    async with ScriptedLlm() as llm, pool(llm, maxConcurrent=100) as opened:
        llm.otherwise = say("Hel", never)
        begun: asyncio.Queue[int] = asyncio.Queue()

        async def read() -> None:
            stream = opened.chain("ann").stream(HELLO, asyncio.get_running_loop().time() + 1e6)
            async with closing(stream) as events:
                async for _ in events:
                    begun.put_nowait(1)

        readers = [asyncio.create_task(read()) for _ in range(100)]
        async with asyncio.timeout(30):
            for _ in readers:
                await begun.get()
            found = await opened.probe("ann")
        assert opened.busy("ann")
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    assert (found.state, found.listed) == ("up", True)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:8080/v1", Place("localhost:8080", "machine")),
        ("http://localhost:8080", Place("localhost:8080", "machine")),
        ("http://[::1]:8080/v1", Place("localhost:8080", "machine")),
        ("http://192.168.1.5:8080/v1", Place("192.168.1.5", "lan")),
        ("http://192.168.1.5:11434", Place("192.168.1.5", "lan")),
        ("http://gpu-box:5000", Place("gpu-box", "lan")),
        ("https://api.openai.com/v1", Place("api.openai.com", "internet")),
    ],
)
def test_where_a_server_stands(url: str, place: Place) -> None:
    assert place_of(url) == place


async def test_targets_of_our_own_connection() -> None:
    async with ScriptedLlm() as llm:
        port = llm.port
        assert await any_reachable([f"127.0.0.1:{port}", "no-such-host.invalid:1"])
    assert not await any_reachable([f"127.0.0.1:{port}"])
    assert not await any_reachable([])


@pytest.mark.parametrize("text", ["", "host", ":80", "host:", "host:0", "host:99999", "host:a"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(ValueError, match="no target"):
        split_target(text)


def test_an_address_of_six_parts() -> None:
    assert split_target("[::1]:80") == ("::1", 80)


async def test_a_webhook_is_posted_until_it_is_taken_and_not_for_ever() -> None:
    clock = HastyClock()
    async with ScriptedLlm() as llm:
        hook = Webhook(f"{llm.url}/secret-path-0123?token=abc", clock)
        llm.next(fail(500), fail(429), fail(200, {}))
        assert await hook.post({"text": "hi"}) == ""
        assert [seen.body for seen in llm.requests] == [{"text": "hi"}] * 3
        assert clock.slept == [1.0, 2.0]
        llm.otherwise = fail(503)
        why = await hook.post({})
        assert len(llm.requests) == 6
        assert "503" in why
        llm.next(fail(404))
        assert "404" in await hook.post({})
        assert len(llm.requests) == 7
    refused = await hook.post({})
    assert refused
    assert "secret-path" not in why + refused
