"""Outage notices: one message per incident and place, brought in line with what is stored.

Nothing here is told by event alone. `reconcile` compares the stored incidents with the stored
notices and does what is missing, so a restart repeats nothing, and what was not taken, or nobody
could be told at the time, is told later. The monitor's calls only say: look now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.letters import WEBHOOK, Place
from bot.notice_round import NoticeRound
from roleplay.bindings import Bindings
from roleplay.errors import StorageError
from roleplay.health import HealthStore
from roleplay.incidents import Incident, Notice
from roleplay.ports import Clock

log = logging.getLogger(__name__)

LOOK = 30.0
"""Seconds between two looks when nothing wakes us."""

SETTLE = 5.0
"""Seconds for which a new outage waits for others that begin with it."""

MOST_SETTLE = 60.0
"""Seconds that the first of them waits at most."""

Elsewhere = Callable[[], Awaitable[Sequence[Place]]]
"""The places beside the servers' own channels: the owners and the webhook."""


class Notices:
    """A `Notifier`. `run` does the work; the other methods only wake it."""

    def __init__(
        self,
        store: HealthStore,
        bindings: Bindings,
        round_: NoticeRound,
        clock: Clock,
        *,
        elsewhere: Elsewhere,
        settle: float = SETTLE,
    ) -> None:
        self._store = store
        self._bindings = bindings
        self._round = round_
        self._clock = clock
        self._elsewhere = elsewhere
        self._settle = settle
        self._look = asyncio.Event()
        self._seen: dict[int, float] = {}
        self._loaded = False

    async def opened(self, incident: Incident) -> None:
        del incident
        self.wake()

    async def changed(self, incident: Incident) -> None:
        del incident
        self.wake()

    async def closed(self, incident: Incident) -> None:
        del incident
        self.wake()

    def wake(self) -> None:
        """Something changed: an incident, a setting, a permission, the connection."""
        self._look.set()

    def refusal(self, guild_id: int) -> str:
        """Why the last notice of this server was not taken; "" when it was."""
        return self._round.refusal(guild_id)

    async def run(self) -> None:
        """Look after the notices until cancelled."""
        while True:
            self._look.clear()
            try:
                await self.reconcile()
            except StorageError as exc:
                log.warning("Outage notices wait for the database: %s", exc)
            except Exception:
                log.exception("Looking after outage notices broke")
            try:
                async with asyncio.timeout(self._settle if self._unsettled() else LOOK):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def reconcile(self) -> None:
        """One look: tell what is not told yet.

        Raises:
            StorageError: some of it is still not told.
        """
        if not self._loaded:
            await self._round.load()
            self._loaded = True
        ended = await self._store.untold()
        going = await self._store.open_incidents()
        self._notice_new(going)
        if not (ended or going):
            return
        told = [notice for each in (*ended, *going) for notice in await self._notices(each)]
        for place in await self._places(told):
            mine = [notice for notice in told if notice.guild_id == place.id]
            new = [] if self._unsettled() else going
            await self._round.look_after(place, mine, new, going)

    async def _notices(self, incident: Incident) -> list[Notice]:
        return await self._store.notices(incident.id)

    async def _places(self, told: Sequence[Notice]) -> list[Place]:
        """Where something is to be told, or was: a place that is chosen no more is told the end."""
        chosen = [
            Place(guild.guild_id, guild.outage_channel_id)
            for guild in await self._bindings.guilds()
            if guild.outage_channel_id is not None
        ]
        places = {place.id: place for place in (*chosen, *await self._elsewhere())}
        for notice in told:
            places.setdefault(notice.guild_id, Place(notice.guild_id))
        return sorted(places.values(), key=lambda place: (place.id == WEBHOOK, place.id))

    def _notice_new(self, going: Sequence[Incident]) -> None:
        now = self._clock.monotonic()
        self._seen = {each.id: self._seen.get(each.id, now) for each in going}

    def _unsettled(self) -> bool:
        """Others may begin with those that have just begun."""
        now = self._clock.monotonic()
        young = [now - at for at in self._seen.values() if now - at < MOST_SETTLE]
        return bool(young) and min(young) < self._settle and max(young) < MOST_SETTLE
