"""The composition root: everything is opened here, handed down, and closed in reverse."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from backends.embedded.models import Progress
from bot.client import Client
from bot.config.load import Loaded
from bot.holding import Holding
from bot.inbox import Inbox
from bot.pacer import Pacer
from bot.pacing import Rules
from bot.pool import open_pool
from bot.reloading.files import stamps
from bot.reloading.worker import ReloadWorker
from bot.schedule import Schedule
from bot.services import Services
from bot.traffic import TrafficLedger
from bot.turns import Turns
from bot.web.endpoints import listening
from roleplay.ports import Clock
from storage.open import open_stores

GRACE = 10.0
"""Seconds that replies which are being written get to finish when the program ends."""


@dataclass(frozen=True, slots=True)
class App:
    """The program, open and not yet connected: start `client`, or hand it to a pretend Discord."""

    client: Client
    inbox: Inbox
    turns: Turns
    reloading: ReloadWorker
    traffic: TrafficLedger
    holding: Holding

    async def wind_down(self, grace: float = GRACE) -> None:
        """Take no new work and let the old end. Call it while the client is still connected."""
        await self.inbox.close()
        await self.turns.close(grace)
        await self.traffic.store()


@asynccontextmanager
async def open_app(
    loaded: Loaded,
    *,
    clock: Clock,
    progress: Progress | None = None,
    pace: Rules | None = None,
) -> AsyncGenerator[App]:
    """Open everything but the connection to Discord.

    `progress` is told while an embedded model is fetched. `pace` is that of the Discord calls. What
    runs for long runs in tasks that are born here, outside the client's own.

    Raises:
        StorageError: the data folder cannot be used.
        EmbeddedFailed: an embedded profile cannot be served.
        PortTaken: the endpoints cannot listen.
    """
    config, read = loaded.config, stamps(loaded.files)
    async with (
        only_error(),
        open_stores(loaded.data_folder, clock.now) as stores,
        open_pool(
            config.profiles, clock=clock, deadline=config.chat.deadline, progress=progress
        ) as pool,
        Pacer(pace) as pacer,
        Schedule() as schedule,
        asyncio.TaskGroup() as tasks,
    ):
        services = Services(
            loaded,
            stores,
            pool,
            pacer=pacer,
            schedule=schedule,
            tasks=tasks,
            clock=clock,
            read=read,
        )
        await services.reloader.restore()
        app = App(
            services.client,
            services.inbox,
            services.turns,
            services.reloading,
            services.traffic,
            services.holding,
        )
        workers = [tasks.create_task(work()) for work in services.workers()]
        try:
            async with listening(services.endpoints, config.http):
                yield app
        finally:
            await app.turns.close(0)
            for worker in workers:
                worker.cancel()


@asynccontextmanager
async def only_error() -> AsyncGenerator[None]:
    """Let an error that is alone leave as itself: the task groups inside would wrap it."""
    try:
        yield
    except BaseExceptionGroup as group:
        raise _innermost(group) from None


def _innermost(error: BaseException) -> BaseException:
    inner = cast("tuple[BaseException, ...]", getattr(error, "exceptions", ()))
    return _innermost(inner[0]) if len(inner) == 1 else error
