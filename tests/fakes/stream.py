"""A reply that a test dictates word by word."""

import asyncio
from collections.abc import AsyncGenerator

from roleplay.chat import Delta, StreamEvent


class LiveStream:
    """`events()` gives what is said, when it is said; `closed` is set once nobody reads on."""

    def __init__(self, *texts: str) -> None:
        self._queue: asyncio.Queue[StreamEvent | Exception | None] = asyncio.Queue()
        self.closed = asyncio.Event()
        for text in texts:
            self.say(text)

    def say(self, text: str) -> None:
        self.send(Delta(text=text, served_by="main"))

    def send(self, event: StreamEvent) -> None:
        self._queue.put_nowait(event)

    def end(self) -> None:
        self.send(Delta(finish_reason="stop"))
        self._queue.put_nowait(None)

    def fail(self, error: Exception) -> None:
        self._queue.put_nowait(error)

    async def heard(self) -> None:
        """Until all that was said has been taken in."""
        await self._queue.join()

    async def events(self) -> AsyncGenerator[StreamEvent]:
        try:
            async for event in self._dictated():
                yield event
        finally:
            self.closed.set()

    async def _dictated(self) -> AsyncGenerator[StreamEvent]:
        while True:
            event = await self._queue.get()
            try:
                if event is None:
                    return
                if isinstance(event, Exception):
                    raise event
                yield event
            finally:
                self._queue.task_done()
