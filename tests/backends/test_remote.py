import asyncio
from typing import Any

from fakes.listener import HELLO, listen
from fakes.llm import ScriptedLlm, delta, fail, frames, reply_json, say
from fakes.voices import sse

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import Delta
from roleplay.errors import Filtered, NoSuchModel, RateLimited, ServerFailed, StreamBroken
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler


def server_at(llm: ScriptedLlm, **settings: Any) -> RemoteServer:
    profile = ConnectionProfile(name="ann", baseURL=llm.url, model="asked")
    return RemoteServer(profile.model_copy(update=settings), SystemClock())


async def test_alternatives_are_kept_apart_and_each_has_its_end() -> None:
    chunks = [delta("a", index=0), delta("b", index=1), delta(index=0, finish="stop")]
    async with ScriptedLlm() as llm, server_at(llm, sampler=Sampler(n=2)) as server:
        llm.next(frames(*map(sse, [*chunks, delta("B", index=1), delta(index=1, finish="length")])))
        heard = await listen(server)
    texts = {n: "".join(d.text for d in heard.deltas if d.choice == n) for n in (0, 1)}
    ends = [(one.choice, one.finish_reason) for one in heard.deltas if one.finish_reason]
    assert texts == {0: "a", 1: "bB"}
    assert ends == [(0, "stop"), (1, "length")]


async def test_fewer_alternatives_than_asked_for_are_no_failure() -> None:
    async with ScriptedLlm() as llm, server_at(llm, sampler=Sampler(n=3)) as server:
        assert (await listen(server)).error is None


async def test_the_model_that_answered_is_told() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert {one.model for one in (await listen(server)).deltas} == {"scripted"}


async def test_a_filter_that_let_nothing_through_is_an_error() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(say(finish="content_filter"))
        assert isinstance((await listen(server)).error, Filtered)


async def test_a_filter_that_stopped_a_reply_leaves_what_was_said() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.say("Hello", finish="content_filter")
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "filtered", None)


async def test_a_finish_that_means_failure_is_one() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(say(finish="error"), say("Hello", finish="error"))
        assert isinstance((await listen(server)).error, ServerFailed)
        assert isinstance((await listen(server)).error, StreamBroken)


async def test_an_end_mark_alone_ends_a_reply() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(frames(sse(delta("Hello")), b"data: [DONE]\n\n"))
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)


async def test_a_connection_that_breaks_after_the_finish_does_no_harm() -> None:
    async def step(exchange: Any) -> None:
        await exchange.begin_stream()
        await exchange.event(delta("Hello", finish="stop"))
        await asyncio.sleep(0.05)
        exchange.reset()

    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(step)
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)


async def test_an_error_object_of_an_event_stream_served_as_json_is_read() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(reply_json({"error": {"code": 429, "message": "slow down"}}))
        assert isinstance((await listen(server)).error, RateLimited)


async def test_a_server_without_any_model_says_what_to_do() -> None:
    async with ScriptedLlm() as llm, server_at(llm, model="") as server:
        llm.models = []
        llm.next(fail(404, {"error": {"message": "No models loaded."}}))
        heard = await listen(server)
    assert isinstance(heard.error, NoSuchModel)
    assert "model" not in llm.requests[0].body


async def test_a_hundred_replies_at_once_do_not_mix() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        for number in range(100):
            llm.say(f"<{number}>", " is", f" {number}")
        heard = await asyncio.gather(*(listen(server, HELLO) for _ in range(100)))
    assert sorted(one.text for one in heard) == sorted(f"<{n}> is {n}" for n in range(100))


async def test_a_piece_may_be_seen_before_the_next_is_written() -> None:
    more = asyncio.Event()
    seen: list[Delta] = []
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.say("Hello", more, " there")
        async for piece in server.stream(HELLO, float("inf")):
            seen.append(piece)
            more.set()
    assert [one.text for one in seen if one.text] == ["Hello", " there"]
