"""What every dialect must do, spoken to it in its own voice over a real socket: replies."""

import asyncio
import time

from fakes.listener import HELLO, listen
from fakes.llm import (
    Exchange,
    drip,
    fail,
    frames,
    hang,
    reply_json,
    reset,
)
from fakes.talk import Talk

from roleplay.errors import (
    StreamBroken,
    TimedOut,
)
from roleplay.profiles import Timeouts
from roleplay.sampler import Sampler


async def test_a_reply_is_its_pieces_its_end_and_its_usage(talk: Talk) -> None:
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)
    assert heard.usage is not None
    assert (heard.usage.prompt_tokens, heard.usage.completion_tokens) == (7, 3)
    assert {delta.served_by for delta in heard.deltas} == {"ann"}


async def test_a_reply_that_is_finished_needs_no_end_mark(talk: Talk) -> None:
    voice = talk.voice
    talk.llm.next(frames(voice.piece("Hello"), voice.finish("stop")))
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)


async def test_the_last_frame_counts_without_its_blank_line(talk: Talk) -> None:
    voice = talk.voice
    talk.llm.next(frames(voice.piece("Hello"), voice.finish("length").rstrip()))
    async with talk.server() as server:
        assert (await listen(server)).finish == "length"


async def test_bytes_may_be_cut_anywhere(talk: Talk) -> None:
    data = b"".join(talk.voice.reply("Zoë ", "says \u2028 日本"))
    talk.llm.next(frames(*(data[i : i + 1] for i in range(len(data)))))
    async with talk.server() as server:
        assert (await listen(server)).text == "Zoë says \u2028 日本"


async def test_a_reply_in_one_body_is_understood(talk: Talk) -> None:
    talk.llm.next(reply_json(talk.voice.whole("Hello")))
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)
    assert heard.usage is not None


async def test_reasoning_is_kept_apart(talk: Talk) -> None:
    talk.llm.next(frames(talk.voice.thought("hm"), *talk.voice.reply("<thi", "nk>so</think> Hi")))
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.reasoning) == ("Hi", "hmso")


async def test_a_stop_string_cut_in_two_ends_the_reply_and_the_request(talk: Talk) -> None:
    more = asyncio.Event()
    voice = talk.voice
    pieces = [voice.piece(text) for text in ("Hi.\nA", "nn", ": no")]

    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for piece in pieces:
            await exchange.chunk(piece)
        await more.wait()

    talk.llm.next(step)
    async with talk.server(sampler=Sampler(stop=("\nAnn:",))) as server:
        heard = await listen(server)
        await asyncio.wait_for(talk.llm.requests[0].gone.wait(), 5)
    assert (heard.text, heard.finish) == ("Hi.", "stop")


async def test_closing_the_stream_cancels_the_request(talk: Talk) -> None:
    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk(talk.voice.piece("Hello"))
        await exchange.seen.gone.wait()

    talk.llm.next(step)
    async with talk.server() as server:
        stream = server.stream(HELLO, time.monotonic() + 30)
        assert (await anext(stream)).text == "Hello"
        await stream.aclose()
        await asyncio.wait_for(talk.llm.requests[0].gone.wait(), 5)


async def test_comments_are_no_tokens(talk: Talk) -> None:
    talk.llm.next(drip(0.02, talk.voice.comment))
    async with talk.server(timeouts=Timeouts(firstToken=0.15)) as server:
        error = (await listen(server)).error
        await asyncio.wait_for(talk.llm.requests[0].gone.wait(), 5)
    assert isinstance(error, TimedOut)
    assert error.timer == "first_token"


async def test_a_reply_that_stands_still_is_broken(talk: Talk) -> None:
    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk(talk.voice.piece("Hello"))
        while True:
            await exchange.chunk(talk.voice.comment)
            await asyncio.sleep(0.02)

    talk.llm.next(step)
    async with talk.server(timeouts=Timeouts(gap=0.15)) as server:
        heard = await listen(server)
    assert heard.text == "Hello"
    assert isinstance(heard.error, StreamBroken)
    assert isinstance(heard.error.__cause__, TimedOut)


async def test_the_deadline_ends_everything(talk: Talk) -> None:
    talk.llm.next(hang())
    async with talk.server() as server:
        error = (await listen(server, seconds=0.1)).error
    assert isinstance(error, TimedOut)
    assert error.timer == "total"


async def test_a_connection_that_went_stale_costs_nothing(talk: Talk) -> None:
    async with talk.server() as server:
        assert (await listen(server)).error is None
        talk.llm.next(reset())
        assert (await listen(server)).text == "Hello"
    assert [seen.connection for seen in talk.llm.requests] == [1, 1, 2]


async def test_the_connection_is_kept_after_a_reply_and_after_an_error(talk: Talk) -> None:
    async with talk.server() as server:
        for step in (talk.llm.otherwise, fail(503), talk.llm.otherwise):
            talk.llm.next(step)
            await listen(server)
    assert {seen.connection for seen in talk.llm.requests} == {1}
