"""The real clock."""

import asyncio
from time import monotonic, time


class SystemClock:
    """A `roleplay.ports.Clock` on the machine's own time.

    The functions are taken at import, so that a pretend Discord which turns the clock of its event
    handlers turns no deadline of ours.
    """

    def now(self) -> float:
        return time()

    def monotonic(self) -> float:
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
