from collections.abc import AsyncGenerator

import pytest

from roleplay.chat import Attempt, Delta, StreamEvent, Usage
from roleplay.closing import closing
from roleplay.collect import collect
from roleplay.errors import StreamBroken, Unreachable

REFUSED = Attempt("primary", "unreachable", 0.1)
ANSWERED = Attempt("backup", "answered", 2.0, first_token_seconds=0.4)


async def play(*events: StreamEvent | Exception) -> AsyncGenerator[StreamEvent]:
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event


async def test_a_reply_is_its_pieces_and_how_it_came_about() -> None:
    reply = await collect(
        play(
            REFUSED,
            Delta(reasoning="Hm.", model="llama", served_by="backup"),
            Delta("Hel"),
            Delta("lo", finish_reason="stop"),
            Delta(usage=Usage(12, 2)),
            ANSWERED,
        )
    )
    assert (reply.text, reply.reasoning, reply.finish_reason) == ("Hello", "Hm.", "stop")
    assert (reply.served_by, reply.model, reply.usage) == ("backup", "llama", Usage(12, 2))
    assert reply.attempts == (REFUSED, ANSWERED)


async def test_of_several_choices_the_first_is_the_reply_and_the_others_alternatives() -> None:
    reply = await collect(
        play(
            Delta("No", choice=1),
            Delta("  ", choice=3),
            Delta("Per", choice=2),
            Delta("haps", choice=2),
            Delta("Yes", finish_reason="stop"),
            Delta(finish_reason="length", choice=1),
        )
    )
    assert (reply.text, reply.finish_reason) == ("Yes", "stop")
    assert reply.alternatives == ("No", "Perhaps")


async def test_a_broken_stream_keeps_what_came_before() -> None:
    broken = Attempt("backup", "stream_broken", 2.0)
    reply = await collect(play(Delta("Once upon"), broken, StreamBroken("cut")))
    assert (reply.text, reply.finish_reason) == ("Once upon", "cut")
    assert reply.served_by == "backup"
    assert reply.attempts == (broken,)


async def test_an_error_carries_every_request_that_was_sent() -> None:
    with pytest.raises(Unreachable) as caught:
        await collect(play(REFUSED, Unreachable("refused")))
    assert caught.value.attempts == (REFUSED,)


async def test_a_reader_that_leaves_ends_the_stream_at_once() -> None:
    ended: list[bool] = []

    async def endless() -> AsyncGenerator[StreamEvent]:
        try:
            while True:
                yield Delta("la ")
        finally:
            ended.append(True)

    async with closing(endless()) as events:
        await anext(events)
    assert ended == [True]
