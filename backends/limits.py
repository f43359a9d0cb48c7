"""At most so many requests to one profile at the same time; the others wait in line."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
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
        self._running = 0
        self._line: deque[asyncio.Future[None]] = deque()

    @property
    def queue(self) -> Queue:
        return Queue(self._running, len(self._line), self._limit)

    def resize(self, limit: int) -> None:
        """Another limit from now on; those who run stay until they end."""
        self._limit = limit
        self._call_next()

    @asynccontextmanager
    async def slot(self, deadline: float) -> AsyncGenerator[None]:
        """Hold one slot.

        Raises:
            TimedOut: none became free before the deadline.
        """
        if self._line or self._running >= self._limit:
            await self._wait(deadline)
        else:
            self._running += 1
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, deadline: float) -> None:
        called = asyncio.get_running_loop().create_future()
        self._line.append(called)
        try:
            async with asyncio.timeout(max(deadline - self._clock.monotonic(), 0.0)):
                await called
        except BaseException as exc:
            self._give_up(called)
            if isinstance(exc, TimeoutError):
                raise self._busy() from exc
            raise

    def _give_up(self, called: asyncio.Future[None]) -> None:
        """Leave the line, or the slot that was given in the same moment."""
        if called.cancelled():
            with suppress(ValueError):
                self._line.remove(called)
        else:
            self._leave()

    def _leave(self) -> None:
        self._running -= 1
        self._call_next()

    def _call_next(self) -> None:
        while self._line and self._running < self._limit:
            called = self._line.popleft()
            if not called.cancelled():
                self._running += 1
                called.set_result(None)

    def _busy(self) -> TimedOut:
        return TimedOut(
            say("It was busy with {count} other requests.", count=self._limit),
            timer="total",
            hint=say("Raise maxConcurrent if the server can answer more at the same time."),
        )


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
