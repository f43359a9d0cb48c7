"""What Discord tells, handled in the order it came and outside the client's own tasks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Inbox:
    """A queue with one reader, so that an edit is never handled before its message."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Work | None] = asyncio.Queue()
        self._ended = asyncio.Event()
        self._put = 0
        self._handled = 0

    def put(self, work: Work) -> None:
        self._put += 1
        self._queue.put_nowait(work)

    @property
    def idle(self) -> bool:
        """Everything that was put has been handled."""
        return self._handled == self._put

    async def close(self) -> None:
        """Wait until what is queued is handled, and handle no more."""
        self._queue.put_nowait(None)
        await self._ended.wait()

    async def run(self) -> None:
        while (work := await self._queue.get()) is not None:
            try:
                await work()
            except Exception:  # a border: one bad event must not end the others
                log.exception("A Discord event could not be handled")
            self._handled += 1
        self._ended.set()
