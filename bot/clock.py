"""The real clock."""

import asyncio
import time


class SystemClock:
    """A `roleplay.ports.Clock` on the machine's own time."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
