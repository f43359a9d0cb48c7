"""A clock that tests move: nobody waits, and time passes in the right order."""

import asyncio
import heapq
import time
from itertools import count


class HastyClock:
    """Real time for real sockets, but nobody sleeps; `slept` holds the seconds asked for."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


class VirtualClock:
    """A `roleplay.ports.Clock` whose `sleep` advances time at once.

    Of several sleepers the one that is due first wakes first. `slept` holds every sleep asked for,
    in seconds.
    """

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.slept: list[float] = []
        self._now = now
        self._monotonic = 1000.0
        self._tickets = count()
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += seconds
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Somebody set the clock: no time has passed."""
        self._now += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        me = (self._monotonic + max(seconds, 0.0), next(self._tickets), asyncio.Event())
        heapq.heappush(self._sleepers, me)
        try:
            await asyncio.sleep(0)
            while self._sleepers[0] is not me:
                await me[2].wait()
                me[2].clear()
            self.advance(max(me[0] - self._monotonic, 0.0))
        finally:
            self._leave(me)

    def _leave(self, sleeper: tuple[float, int, asyncio.Event]) -> None:
        self._sleepers.remove(sleeper)
        heapq.heapify(self._sleepers)
        if self._sleepers:
            self._sleepers[0][2].set()
