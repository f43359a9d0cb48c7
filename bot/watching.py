"""The watch over the profiles as a whole: what is looked at when, and by which settings."""

from collections.abc import Callable, Collection
from contextlib import suppress

from backends.pool import Pool
from bot.config.health import HealthSection
from bot.connection import OwnLine
from bot.schedule import Schedule
from roleplay.connectivity import OwnConnection
from roleplay.deepening import Deepening
from roleplay.errors import NoSuchProfile
from roleplay.health import HealthObserver, Notifier, Thresholds
from roleplay.monitor import Monitor
from roleplay.plans import Plans
from roleplay.ports import Clock
from storage.open import Stores


class Watching:
    """`monitor` knows how profiles are, `plans` when they may be away."""

    def __init__(
        self,
        health: HealthSection,
        stores: Stores,
        pool: Pool,
        *,
        notifier: Notifier,
        line: OwnLine,
        schedule: Schedule,
        clock: Clock,
        observers: Collection[HealthObserver] = (),
    ) -> None:
        self._health = health
        self._pool = pool
        self._line = line
        self._schedule = schedule
        self._take_out: list[Callable[[], None]] = []
        self.plans = Plans(stores.maintenance, clock, health.windows)
        self.monitor = Monitor(
            pool,
            stores.health,
            clock,
            notifier,
            thresholds=thresholds(health),
            concurrency=health.concurrency,
            place=pool.place,
            planned=self.plans.until,
            own=OwnConnection(line, clock),
            observers=tuple(observers),
            deepens=health.completion.on_suspicion,
        )
        rule = health.completion.rule
        self._deepening = Deepening(self.monitor, pool, stores.checks, clock, rule)

    async def load(self) -> None:
        """Take up what was known and planned before a restart.

        Raises:
            StorageError: not all of it is known.
        """
        await self.plans.load()
        await self.monitor.load(self._pool.profiles)

    def begin(self) -> None:
        """Look from now on."""
        while self._take_out:
            self._take_out.pop()()
        health = self._health
        if not health.enabled:
            return
        every = self._schedule.every
        self._take_out = [
            every(health.interval, health.jitter, self._sweep),
            every(min(health.confirm, health.interval), 0, self._confirm),
            every(min(health.confirm, health.interval), 0, self._deepen),
        ]

    def adjust(self, health: HealthSection) -> None:
        """Other settings from the next look on."""
        self._health = health
        self._line.targets = health.connectivity
        self.plans.configured = health.windows
        self._deepening.rule = health.completion.rule
        self.monitor.deepens = health.completion.on_suspicion
        self.monitor.adjust(thresholds(health), health.concurrency)

    async def look_at(self, names: Collection[str]) -> None:
        """Learn what new servers can do; where no profile is watched, without judging them."""
        if self._health.enabled:
            await self.monitor.sweep(names)
            return
        for name in names:
            with suppress(NoSuchProfile):
                await self._pool.probe(name)

    async def _sweep(self) -> None:
        await self.monitor.sweep(self._pool.profiles)

    async def _confirm(self) -> None:
        """Half a beat of grace, so that a sweep a moment ago counts as the look before."""
        await self.monitor.confirm(self._health.confirm / 2)

    async def _deepen(self) -> None:
        await self._deepening.look(self._pool.profiles)


def thresholds(health: HealthSection) -> Thresholds:
    return Thresholds(health.failure_threshold, health.success_threshold)
