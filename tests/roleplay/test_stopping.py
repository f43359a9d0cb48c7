import asyncio
from collections.abc import AsyncIterator

import pytest

from roleplay.chat import Delta, StreamEvent
from roleplay.errors import Stopped, Unreachable
from roleplay.stopping import StopSignal, stoppable


class Source:
    """Yields what it is given, then hangs or raises; remembers that it was closed."""

    def __init__(self, *texts: str, then: BaseException | None = None, hangs: bool = False) -> None:
        self._texts = texts
        self._then = then
        self._hangs = hangs
        self.closed = asyncio.Event()

    async def __call__(self) -> AsyncIterator[StreamEvent]:
        try:
            for text in self._texts:
                yield Delta(text)
            if self._hangs:
                await asyncio.Event().wait()
            if self._then:
                raise self._then
        finally:
            self.closed.set()


async def collect(source: Source, stop: StopSignal, *, stop_after: int = -1) -> list[StreamEvent]:
    seen: list[StreamEvent] = []
    async for event in stoppable(source(), stop):
        seen.append(event)
        if len(seen) == stop_after:
            stop.request()
    return seen


async def test_what_comes_goes_through() -> None:
    assert await collect(Source("a", "b"), StopSignal()) == [Delta("a"), Delta("b")]


async def test_a_stop_keeps_the_text_so_far_and_closes_the_source() -> None:
    source = Source("a", "b", hangs=True)
    seen = await collect(source, StopSignal(), stop_after=2)
    assert seen == [Delta("a"), Delta("b"), Delta(finish_reason="cut")]
    assert source.closed.is_set()


async def test_a_stop_before_the_first_word_says_so() -> None:
    source, stop = Source(hangs=True), StopSignal()
    reading = asyncio.create_task(collect(source, stop))
    await asyncio.sleep(0)
    stop.request()
    with pytest.raises(Stopped):
        await reading


async def test_a_stop_before_the_stream_is_a_stop_too() -> None:
    stop = StopSignal()
    stop.request()
    with pytest.raises(Stopped):
        await collect(Source("a"), stop)


async def test_an_error_reaches_the_reader_after_the_text() -> None:
    seen: list[StreamEvent] = []
    with pytest.raises(Unreachable):  # noqa: PT012 - the events before the error matter
        async for event in stoppable(Source("a", then=Unreachable("gone"))(), StopSignal()):
            seen.append(event)  # noqa: PERF401 - a comprehension would lose them
    assert seen == [Delta("a")]


async def test_a_reader_that_leaves_closes_the_source() -> None:
    source = Source("a", hangs=True)
    events = stoppable(source(), StopSignal())
    assert await anext(events) == Delta("a")
    await events.aclose()
    assert source.closed.is_set()
