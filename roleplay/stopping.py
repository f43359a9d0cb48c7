"""Stop a stream from outside, and let it run ahead of a slow reader."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from roleplay.chat import Delta, StreamEvent
from roleplay.errors import Stopped


class StopSignal:
    """Set once, by a person's Stop; `traceless` where what was shown must go again."""

    def __init__(self) -> None:
        self.requested = False
        self.traceless = False
        self._pump: asyncio.Task[None] | None = None

    def request(self, *, traceless: bool = False) -> None:
        self.requested = True
        self.traceless = self.traceless or traceless
        if self._pump:
            self._pump.cancel()

    def watch(self, pump: asyncio.Task[None]) -> None:
        self._pump = pump
        if self.requested:
            pump.cancel()


async def stoppable(
    events: AsyncIterator[StreamEvent], stop: StopSignal
) -> AsyncGenerator[StreamEvent, None]:
    """The same events; after a stop the stream ends with a `cut` delta.

    The source is read in a task of its own, so that a slow reader does not look to the server
    like a slow client.

    Raises:
        Stopped: the stop came before any text.
        BackendError: whatever the source raises, after its last event.
    """
    queue: asyncio.Queue[StreamEvent | None] = asyncio.Queue()
    pump = asyncio.create_task(_pump(events, queue))
    pump.add_done_callback(lambda _: queue.put_nowait(None))
    stop.watch(pump)
    spoken = False
    try:
        while (event := await queue.get()) is not None:
            spoken = spoken or (isinstance(event, Delta) and bool(event.text))
            yield event
    finally:
        pump.cancel()
        await asyncio.wait([pump])
    if not pump.cancelled() and (error := pump.exception()):
        raise error
    if stop.requested and not spoken:
        raise Stopped("The reply was stopped before its first word.")
    if stop.requested:
        yield Delta(finish_reason="cut")


async def _pump(
    events: AsyncIterator[StreamEvent], queue: asyncio.Queue[StreamEvent | None]
) -> None:
    async for event in events:
        queue.put_nowait(event)
