"""The one gate through which all of the process's Discord calls go."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.pacing import Entry, Priority, Rules, Schedule

log = logging.getLogger(__name__)

CLOSING_SECONDS = 5.0
"""How long calls that are under way may take once the pacer closes."""

T = TypeVar("T")


class Pacer:
    """Sends calls in the order of `Schedule`, each in a task of its own.

    Open it outside the Discord client (`async with Pacer() as pacer:`) and close it after all that
    calls it: then neither the client's end nor a cancelled event handler tears a call apart.
    """

    def __init__(self, rules: Rules | None = None) -> None:
        self._schedule = Schedule(rules or Rules())
        self._wake = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._awaited: set[asyncio.Future[Any]] = set()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._worker = self._tasks.create_task(self._work())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._worker.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSING_SECONDS)
        for left in (*self._running, *self._awaited):
            left.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    async def call(
        self,
        priority: Priority,
        channel_id: int,
        make: Callable[[], Awaitable[T]],
        *,
        key: Hashable = None,
    ) -> T:
        """Wait for this text's turn, `make` the call, and give back what it gives or raises.

        With a `key` a luxury that waits on the same key is dropped. Cancelled while it waits, the
        call is never made; cancelled later, it runs to its end unheard.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def run() -> None:
            try:
                result = await make()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(result)
            finally:
                answer.cancel()

        entry = self._add(priority, channel_id, key, run)
        self._awaited.add(answer)
        try:
            return await answer
        finally:
            self._awaited.discard(answer)
            self._schedule.cancel(entry)

    def offer(
        self,
        priority: Priority,
        channel_id: int,
        key: Hashable,
        make: Callable[[], Awaitable[object]],
    ) -> None:
        """Make this call if there is time for it. A newer offer or call on its key replaces it."""

        async def run() -> None:
            try:
                await make()
            except Exception:
                log.exception("An offered Discord call in channel %d failed", channel_id)

        self._add(priority, channel_id, key, run)

    def withdraw(self, key: Hashable) -> None:
        """Drop the offer that waits on `key`, if any."""
        self._schedule.withdraw(key)

    def hold(self, seconds: float) -> None:
        """Let no call out for so long: Discord has shut its door."""
        self._schedule.hold(asyncio.get_running_loop().time() + seconds)

    def _add(
        self, priority: Priority, channel_id: int, key: Hashable, run: Callable[[], Awaitable[None]]
    ) -> Entry:
        entry = Entry(priority, channel_id, key, asyncio.get_running_loop().time(), run)
        self._schedule.add(entry)
        self._wake.set()
        return entry

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            turn = self._schedule.next(asyncio.get_running_loop().time())
            if isinstance(turn, Entry):
                self._start(turn)
                continue
            try:
                async with asyncio.timeout(turn.seconds):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _start(self, entry: Entry) -> None:
        async def send() -> None:
            await entry.run()

        def ended(task: asyncio.Task[None]) -> None:
            self._running.discard(task)
            self._schedule.done(entry)
            self._wake.set()

        task = self._tasks.create_task(send())
        self._running.add(task)
        task.add_done_callback(ended)
