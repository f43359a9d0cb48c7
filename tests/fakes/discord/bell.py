"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rings after every change of the world; waiters look again each time."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T:
        """The first true thing that `look` returns.

        Raises:
            TimeoutError: it stayed false for `seconds`; only a broken test waits that long.
        """
        async with asyncio.timeout(seconds):
            while not (found := look()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.add(waiter)
                await waiter
            return found
