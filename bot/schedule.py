"""Work that comes round again; the only module that knows APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self, cast

from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncIOScheduler,
)

Job = Callable[[], Awaitable[object]]


class Schedule:
    """Runs jobs on the loop it is entered in; leaving it cancels what still runs.

    A run that comes late, after a stalled loop or a suspended machine, is not dropped, and several
    missed runs of a job become one. A job never runs twice at the same time.
    """

    def __init__(self) -> None:
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = cast("Any", AsyncIOScheduler(timezone=UTC, job_defaults=options))
        self._running: set[asyncio.Task[object]] = set()
        self._leaving = False

    def every(self, seconds: float, jitter: float, job: Job) -> Callable[[], None]:
        """Run `job` now and then every `seconds`, each time up to `jitter` seconds off.

        What it returns takes the job out again; a run that goes on ends by itself.
        """

        async def run() -> None:
            task = cast("asyncio.Task[object]", asyncio.current_task())
            self._running.add(task)
            try:
                await job()
            except asyncio.CancelledError:
                if not self._leaving:  # APScheduler would log the end we wanted as a failure
                    raise
            finally:
                self._running.discard(task)

        entry = self._scheduler.add_job(
            run,
            "interval",
            seconds=seconds,
            jitter=jitter or None,
            next_run_time=datetime.now(UTC),
        )
        return entry.remove

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._leaving = True
        self._scheduler.shutdown(wait=False)
        for task in list(self._running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
