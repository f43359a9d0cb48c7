"""A `Courier` whose messages stand in memory, and the whole watch around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.letters import Letter, MessageGone, NotTaken, Place, Standing
from bot.notice_round import NoticeRound
from bot.notice_scribe import Scribe
from bot.notices import Notices
from fakes.clock import VirtualClock
from fakes.health import ScriptedProber
from roleplay.affected import Routes
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.health import Thresholds
from roleplay.monitor import Monitor
from roleplay.places import NOWHERE
from roleplay.places import Place as Site
from roleplay.plans import Plans
from roleplay.ports import ProbeState
from storage.open import Stores

GUILD, CHANNEL = 1, 2


@dataclass(frozen=True)
class Posted:
    """`at` is on the monotonic clock."""

    at: float
    place: int
    profiles: frozenset[str]


class MemoryCourier:
    """`sick` makes it refuse everything."""

    def __init__(self, clock: VirtualClock) -> None:
        self.sick = False
        self.standing: dict[int, Letter] = {}
        self.posts: list[Posted] = []
        self._clock = clock
        self._next = 100

    async def post(self, place: Place, letter: Letter, nonce: str) -> Standing:
        del nonce
        return Standing(place.channel_id, self._take(place, letter))

    async def edit(self, place: Place, at: Standing, letter: Letter) -> None:
        del place
        self._refuse()
        if at.message_id not in self.standing:
            raise MessageGone
        self.standing[at.message_id] = letter

    async def remind(self, place: Place, at: Standing, letter: Letter, nonce: str) -> int:
        del at, nonce
        return self._take(place, letter)

    async def delete(self, place: Place, at: Standing) -> None:
        del place
        self._refuse()
        self.standing.pop(at.message_id, None)

    def _take(self, place: Place, letter: Letter) -> int:
        self._refuse()
        self._next += 1
        self.standing[self._next] = letter
        names = frozenset(name for each in letter.incidents for name in each.down)
        self.posts.append(Posted(self._clock.monotonic(), place.id, names))
        return self._next

    def _refuse(self) -> None:
        if self.sick:
            raise NotTaken("refused")


async def nowhere() -> Sequence[Place]:
    return ()


def no_threads(guild_id: int, channel_ids: Iterable[int]) -> dict[int, int]:
    del guild_id, channel_ids
    return {}


class TestWatch:
    """One server, a few profiles, the real database; `restart` keeps only what is stored."""

    __test__ = False

    def __init__(
        self, stores: Stores, clock: VirtualClock, sites: dict[str, Site], reminder: float = 0
    ) -> None:
        self.stores = stores
        self.clock = clock
        self.sites = sites
        self.reminder = reminder
        scripts: dict[str, list[ProbeState | Exception]] = {name: ["up"] for name in sites}
        self.prober = ScriptedProber(**scripts)
        self.courier = MemoryCourier(clock)
        first, *others = sites
        chains = {name: (name,) for name in others} | {first: (first, *others)}
        self.routes = Routes(first, chains)
        self.plans = Plans(stores.maintenance, clock)
        self.restart()

    def restart(self) -> None:
        store, bindings, clock = self.stores.health, self.stores.bindings, self.clock
        self.plans = Plans(self.stores.maintenance, clock)
        scribe = Scribe(
            store,
            bindings,
            self.stores.meanwhile,
            facts=lambda: self.monitor,
            parents=no_threads,
            routes=lambda: self.routes,
            clock=clock,
        )
        round_ = NoticeRound(
            store,
            scribe,
            clock,
            discord=self.courier,
            webhook=self.courier,
            reminder=lambda: self.reminder,
            parents=no_threads,
        )
        self.notices = Notices(store, bindings, round_, clock, elsewhere=nowhere, settle=0)
        self.monitor = Monitor(
            self.prober,
            store,
            clock,
            self.notices,
            thresholds=Thresholds(),
            concurrency=3,
            place=lambda name: self.sites.get(name, NOWHERE),
            planned=self.plans.until,
        )

    async def begin(self) -> None:
        bindings = self.stores.bindings
        await bindings.save_guild(GuildSettings(GUILD, outage_channel_id=CHANNEL))
        await bindings.bind(ChannelBinding(3, GUILD, 1, 0.0))
        await self.load()

    async def load(self) -> None:
        await self.plans.load()
        await self.monitor.load(list(self.sites))

    async def look(self, found: ProbeState, *names: str) -> None:
        for name in names:
            self.prober.scripts[name][0] = found
        await self.monitor.sweep(names)
        await self.notices.reconcile()
