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

    def put(self, work: Work) -> None:
        self._queue.put_nowait(work)

    def close(self) -> None:
        """What is queued already is still handled."""
        self._queue.put_nowait(None)

    async def run(self) -> None:
        while (work := await self._queue.get()) is not None:
            try:
                await work()
            except Exception:  # a border: one bad event must not end the others
                log.exception("A Discord event could not be handled")
