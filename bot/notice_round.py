"""One look at one place: what stands there is kept true, and what is new is told."""

import logging
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bot.letters import WEBHOOK, Courier, Letter, MessageGone, NotTaken, Place, Standing
from bot.notice_reminders import Reminders
from bot.notice_scribe import Scribe
from roleplay.health import HealthStore
from roleplay.incidents import Incident, Notice
from roleplay.ports import Clock
from roleplay.post_limit import HOUR, PostLimit

log = logging.getLogger(__name__)

EDIT_SPACING = 60.0
"""Seconds between two edits of one message while something it tells of goes on."""

MANY = 4
"""So many outages that begin together become one message."""

JOINED = 60.0
"""Seconds in which further outages join such a message."""

Key = tuple[int, int]
"""Of a message: its place and its id."""


class NoticeRound:
    """`couriers` deliver to Discord and to the webhook; `reminder` is in seconds, 0: none."""

    def __init__(
        self,
        store: HealthStore,
        scribe: Scribe,
        clock: Clock,
        *,
        discord: Courier,
        webhook: Courier,
        reminder: Callable[[], float],
        parents: Callable[[int, Sequence[int]], Mapping[int, int]],
    ) -> None:
        self._store = store
        self._scribe = scribe
        self._clock = clock
        self._discord = discord
        self._webhook = webhook
        self._parents = parents
        self._limit = PostLimit(clock)
        self._reminders = Reminders(store, scribe, self._limit, clock, reminder)
        self._edited: dict[Key, float] = {}
        self._reposted: set[Key] = set()
        self._digests: dict[int, tuple[Standing, float]] = {}
        self._refusals: dict[int, str] = {}

    async def load(self) -> None:
        self._limit.load(await self._store.posts(self._clock.now() - HOUR))

    def refusal(self, place_id: int) -> str:
        return self._refusals.get(place_id, "")

    async def look_after(
        self,
        place: Place,
        told: Sequence[Notice],
        new: Sequence[Incident],
        going: Sequence[Incident],
    ) -> None:
        """`told` are this place's notices, `new` the incidents that may be told, all `going`."""
        down = {profile for incident in going for profile in incident.down}
        messages = {(each.channel_id, each.message_id) for each in told if each.message_id}
        for channel_id, message_id in sorted(messages):
            with self._noting(place):
                await self._keep_true(place, Standing(channel_id, message_id), down)
        for notice in told:
            if not notice.message_id and notice.told == "open":
                await self._store.save_notice(replace(notice, told="closed"))
        known = {notice.incident_id for notice in told}
        fresh = [incident for incident in new if incident.id not in known]
        if place.channel_id or not place.is_guild:
            with self._noting(place):
                await self._tell(place, fresh, down)

    async def _keep_true(self, place: Place, at: Standing, down: Collection[str]) -> None:
        notices = await self._store.notices_of(place.id, at.message_id)
        incidents = [each for n in notices if (each := await self._store.incident(n.incident_id))]
        letter = await self._scribe.letter(place, incidents, notices, down)
        over = all(incident.closed_at is not None for incident in incidents)
        changed = letter.fingerprint != notices[0].said or bool(letter.news)
        if changed and (over or self._spaced(place, at)):
            at = await self._edit(place, at, letter, notices)
        if over:
            await self._reminders.take_back(self._courier(place), place, notices)
        else:
            await self._reminders.remind(self._courier(place), place, at, incidents)

    def _spaced(self, place: Place, at: Standing) -> bool:
        last = self._edited.get((place.id, at.message_id), float("-inf"))
        return self._clock.monotonic() - last >= EDIT_SPACING

    async def _edit(
        self, place: Place, at: Standing, letter: Letter, notices: Sequence[Notice]
    ) -> Standing:
        """Where it stands then: a message that somebody deleted is posted anew, once."""
        try:
            await self._courier(place).edit(place, at, letter)
        except MessageGone:
            at = await self._repost(place, at, letter) or at
        self._taken(place, at)
        over = {each.id for each in letter.incidents if each.closed_at is not None}
        for notice in notices:
            await self._store.save_notice(
                replace(
                    notice,
                    channel_id=at.channel_id,
                    message_id=at.message_id,
                    told="closed" if notice.incident_id in over else "open",
                    said=letter.fingerprint,
                )
            )
        return at

    async def _repost(self, place: Place, at: Standing, letter: Letter) -> Standing | None:
        names = _names(letter.incidents)
        gone = place.is_guild and not place.channel_id
        if gone or (place.id, at.message_id) in self._reposted:
            return None
        if not self._limit.allows(place.id, names):
            return None
        new = await self._post(place, letter, names, f"{letter.incidents[0].id:x}.{place.id:x}r")
        self._reposted.add((place.id, new.message_id))
        return new

    async def _tell(self, place: Place, fresh: Sequence[Incident], down: Collection[str]) -> None:
        """Those that may have a message of their own get one, or one together; the others wait."""
        free: list[Incident] = []
        for incident in fresh:
            concern = await self._scribe.concern(place, incident, down)
            names = [name for name in incident.down if name in concern.profiles]
            if not names or self._scribe.planned(names) is not None:
                continue
            if self._limit.allows(place.id, names) and not await self._muted(place, names):
                free.append(incident)
            else:
                await self._take_over(place, incident, down)
        if free and await self._join(place, free):
            return
        groups = [free] if len(free) >= MANY else [[incident] for incident in free]
        for group in groups:
            with self._noting(place):
                await self._tell_group(place, group, down)

    async def _tell_group(
        self, place: Place, group: Sequence[Incident], down: Collection[str]
    ) -> None:
        letter = await self._scribe.letter(place, group, (), down)
        nonce = f"{group[0].id:x}.{place.id:x}"
        at = await self._post(place, letter, _names(group), nonce)
        await self._keep(place, at, group, letter.fingerprint)
        if len(group) > 1:
            self._digests[place.id] = (at, self._clock.monotonic())

    async def _post(
        self, place: Place, letter: Letter, names: Sequence[str], nonce: str
    ) -> Standing:
        at = await self._courier(place).post(place, letter, nonce)
        self._limit.note(place.id, names)
        self._taken(place, at)
        await self._store.posted(place.id, tuple(names), self._clock.now())
        return at

    async def _keep(
        self, place: Place, at: Standing, incidents: Sequence[Incident], said: str
    ) -> None:
        """It was taken: only now it counts as told."""
        now = self._clock.now()
        for each in incidents:
            await self._store.save_notice(
                Notice(
                    each.id,
                    place.id,
                    at.channel_id,
                    at.message_id,
                    "open",
                    said,
                    reminded_at=now,
                )
            )

    async def _join(self, place: Place, incidents: Sequence[Incident]) -> bool:
        """Add to the message of many that began a moment ago; it is edited at the next look."""
        at, since = self._digests.get(place.id, (None, 0.0))
        if at is None or place.id == WEBHOOK or self._clock.monotonic() - since >= JOINED:
            return False
        await self._keep(place, at, incidents, "")
        return True

    async def _take_over(self, place: Place, incident: Incident, down: Collection[str]) -> None:
        """Let the last message of a profile that flaps, or is muted, tell the new outage."""
        last = await self._last_message(place, incident)
        if last is None:
            return
        old = await self._store.notices_of(place.id, last.message_id)
        letter = await self._scribe.letter(place, [incident], (), down)
        at = Standing(last.channel_id, last.message_id)
        try:
            await self._courier(place).edit(place, at, letter)
        except MessageGone:
            return
        self._taken(place, at)
        for notice in old:
            await self._store.save_notice(replace(notice, told="closed", message_id=0))
        muted = max(notice.muted_until for notice in old)
        await self._keep(place, at, [incident], letter.fingerprint)
        if self._clock.now() < muted < float("inf"):
            (new,) = await self._store.notices_of(place.id, at.message_id)
            await self._store.save_notice(replace(new, muted_until=muted))

    async def _last_message(self, place: Place, incident: Incident) -> Notice | None:
        """The newest message of the same profiles here, if all that it tells of is over."""
        if place.id == WEBHOOK:
            return None
        for notice in await self._earlier(place, incident.down, incident.id):
            group = await self._store.notices_of(place.id, notice.message_id)
            others = [await self._store.incident(each.incident_id) for each in group]
            over = all(other is None or other.closed_at is not None for other in others)
            return notice if over and self._stands_here(place, notice) else None
        return None

    async def _earlier(self, place: Place, profiles: Collection[str], before: int) -> list[Notice]:
        """What was told here of these profiles, newest first."""
        found: dict[int, Notice] = {}
        for profile in profiles:
            for other in await self._store.incidents(profile, limit=5):
                for notice in await self._store.notices(other.id):
                    if notice.guild_id == place.id and notice.message_id and other.id < before:
                        found[other.id] = notice
        return [found[key] for key in sorted(found, reverse=True)]

    def _stands_here(self, place: Place, notice: Notice) -> bool:
        """The place may have chosen another channel since."""
        if not place.is_guild or notice.channel_id == place.channel_id:
            return True
        parents = self._parents(place.id, [notice.channel_id])
        return parents.get(notice.channel_id) == place.channel_id

    async def _muted(self, place: Place, profiles: Collection[str]) -> bool:
        now = self._clock.now()
        earlier = await self._earlier(place, profiles, 1 << 62)
        return any(now < notice.muted_until < float("inf") for notice in earlier)

    def _courier(self, place: Place) -> Courier:
        return self._webhook if place.id == WEBHOOK else self._discord

    @contextmanager
    def _noting(self, place: Place) -> Generator[None]:
        try:
            yield
        except NotTaken as exc:
            if self._refusals.get(place.id) != str(exc):
                log.warning("No outage notice in server %d: %s", place.id, exc)
            self._refusals[place.id] = str(exc)

    def _taken(self, place: Place, at: Standing) -> None:
        self._edited[place.id, at.message_id] = self._clock.monotonic()
        self._refusals.pop(place.id, None)


def _names(incidents: Sequence[Incident]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in incidents for name in each.profiles))
