"""At most so many requests to one profile at the same time; the others wait in line."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from roleplay.chat import StreamEvent
from roleplay.closing import closing
from roleplay.errors import TimedOut
from roleplay.phrases import say
from roleplay.ports import Backend, Clock
from roleplay.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests of one profile. The next one would be number `waiting` + 1 when all run."""

    running: int
    waiting: int
    limit: int


class Slots:
    """The line in front of one profile, first come first served."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._free = asyncio.Semaphore(limit)
        self._running = 0
        self._waiting = 0

    @property
    def queue(self) -> Queue:
        return Queue(self._running, self._waiting, self._limit)

    @asynccontextmanager
    async def slot(self, deadline: float) -> AsyncGenerator[None]:
        """Hold one slot.

        Raises:
            TimedOut: none became free before the deadline.
        """
        await self._wait(deadline)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._free.release()

    async def _wait(self, deadline: float) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(max(deadline - self._clock.monotonic(), 0.0)):
                await self._free.acquire()
        except TimeoutError as exc:
            raise TimedOut(
                say("It was busy with {count} other requests.", count=self._limit),
                timer="total",
                hint=say("Raise maxConcurrent if the server can answer more at the same time."),
            ) from exc
        finally:
            self._waiting -= 1


class Limited:
    """A `Backend` that holds a slot while it streams, and none while a retry waits."""

    def __init__(self, inner: Backend, slots: Slots) -> None:
        self._inner = inner
        self._slots = slots

    @property
    def name(self) -> str:
        return self._inner.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        async with (
            self._slots.slot(deadline),
            closing(self._inner.stream(prompt, deadline)) as events,
        ):
            async for event in events:
                yield event
