"""Writes the letters that tell one place of incidents."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import discord

from bot import notice_text
from bot.digest_text import digest
from bot.letters import Letter, Place
from bot.notice_buttons import buttons
from bot.notice_text import Told
from roleplay.affected import Affected, Routes, affected, speaks_through, together
from roleplay.bindings import Bindings
from roleplay.health import HealthState, HealthStore
from roleplay.incidents import Incident, Notice
from roleplay.phrases import say
from roleplay.ports import Clock

HOUR = 3600.0


class Facts(Protocol):
    """What `roleplay.monitor.Monitor` knows."""

    def state(self, profile: str) -> HealthState: ...

    def checks_needed(self, profile: str) -> int: ...

    @property
    def planned_until(self) -> Callable[[str], float | None]: ...


class Meanwhile(Protocol):
    """Counts messages by channel. Raises `StorageError`."""

    async def answered_by_others(
        self, guild_id: int, profiles: Collection[str], since: float, until: float
    ) -> Mapping[int, int]: ...

    async def unanswered(self, guild_id: int, since: float, until: float) -> Mapping[int, int]: ...


Parents = Callable[[int, Iterable[int]], dict[int, int]]
"""Of a server's channels that are threads, the channel of each."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What an incident means for a place: which of its profiles, and for whom."""

    profiles: tuple[str, ...]
    affected: Affected
    everywhere: str = ""

    def __bool__(self) -> bool:
        return bool(self.profiles)


class Scribe:
    """Raises `StorageError` from every method that waits."""

    def __init__(
        self,
        store: HealthStore,
        bindings: Bindings,
        meanwhile: Meanwhile,
        *,
        facts: Callable[[], Facts],
        parents: Parents,
        routes: Callable[[], Routes],
        clock: Clock,
    ) -> None:
        self._store = store
        self._bindings = bindings
        self._meanwhile = meanwhile
        self._facts = facts
        self._parents = parents
        self._routes = routes
        self._clock = clock

    async def concern(self, place: Place, incident: Incident, down: Collection[str]) -> Concern:
        """`down` are all profiles that are down now."""
        if not place.is_guild:
            return Concern(incident.profiles, Affected({}), await self._everywhere(incident, down))
        found = {
            profile: await self._affected(place.id, profile, {*down, profile})
            for profile in incident.profiles
        }
        mine = tuple(profile for profile, one in found.items() if one)
        now_down = [found[profile] for profile in mine if profile in incident.down]
        return Concern(mine, together(now_down))

    def planned(self, profiles: Iterable[str]) -> float | None:
        """Until when all of these may be away; None where one of them should be there."""
        ends = [self._facts().planned_until(profile) for profile in profiles]
        known = [end for end in ends if end is not None]
        return min(known) if known and len(known) == len(ends) else None

    async def letter(
        self,
        place: Place,
        incidents: Sequence[Incident],
        notices: Sequence[Notice],
        down: Collection[str],
    ) -> Letter:
        """One incident in full, several as a digest; `notices` are what was told so far."""
        going = [each for each in incidents if each.closed_at is None]
        view = buttons(going[0].id) if going else None
        news = _just_over(incidents, notices)
        event = "recovered" if news else "updated" if notices else "opened"
        if len(incidents) > 1:
            planned = self.planned(name for each in going for name in each.down)
            care = notice_text.care(*self._taken_on(notices[:1])) if going else ""
            return Letter(event, digest(incidents, planned, care), view, incidents, news)
        incident = incidents[0]
        concern = await self.concern(place, incident, down)
        if going:
            told = await self._told(incident, concern, notices)
            embed = notice_text.opened(incident, concern.affected, told)
        else:
            embed = await self._closed(place, incident, concern)
        return Letter(event, embed, view, incidents, news)

    def _taken_on(self, notices: Sequence[Notice]) -> tuple[int, float]:
        """By whom, and until when it is muted."""
        if not notices:
            return 0, 0.0
        until = notices[0].muted_until
        return notices[0].seen_by, until if until > self._clock.now() else 0.0

    async def _told(self, incident: Incident, concern: Concern, notices: Sequence[Notice]) -> Told:
        names = [name for name in incident.down if name in concern.profiles] or incident.down
        seen_by, muted_until = self._taken_on(notices)
        return Told(
            profiles=concern.profiles,
            outages=1 + await self._earlier(incident),
            checks=max(map(self._facts().checks_needed, names)),
            planned=self.planned(names),
            state=self._facts().state(names[0]),
            seen_by=seen_by,
            muted_until=muted_until,
            everywhere=concern.everywhere,
        )

    async def _closed(self, place: Place, incident: Incident, concern: Concern) -> discord.Embed:
        removed = not any(profile in self._routes().chains for profile in incident.profiles)
        elsewhere, unanswered = await self._messages(place, incident)
        told = Told(profiles=concern.profiles, elsewhere=elsewhere, unanswered=unanswered)
        return notice_text.closed(incident, removed=removed, told=told)

    async def _messages(self, place: Place, incident: Incident) -> tuple[int, int]:
        guilds = {place.id} if place.is_guild else await self._guilds()
        counts = [await self._messages_in(guild_id, incident) for guild_id in sorted(guilds)]
        return sum(each[0] for each in counts), sum(each[1] for each in counts)

    async def _messages_in(self, guild_id: int, incident: Incident) -> tuple[int, int]:
        """Of the channels that speak through it, answered by others and not answered."""
        since, until = incident.opened_at, incident.closed_at or self._clock.now()
        others = await self._meanwhile.answered_by_others(guild_id, incident.profiles, since, until)
        failed = await self._meanwhile.unanswered(guild_id, since, until)
        guild = await self._bindings.guild(guild_id)
        channels = await self._bindings.channels(guild_id)
        parents = self._parents(guild_id, {*others, *failed})
        routes = self._routes()

        def mine(counts: Mapping[int, int]) -> int:
            return sum(
                count
                for channel_id, count in counts.items()
                if speaks_through(channel_id, guild, channels, parents, routes) in incident.profiles
            )

        return mine(others), mine(failed)

    async def _affected(self, guild_id: int, profile: str, down: Collection[str]) -> Affected:
        guild = await self._bindings.guild(guild_id)
        channels = await self._bindings.channels(guild_id)
        parents = self._parents(guild_id, (each.channel_id for each in channels))
        return affected(profile, guild, channels, parents, routes=self._routes(), down=down)

    async def _everywhere(self, incident: Incident, down: Collection[str]) -> str:
        """How many channels of how many servers speak through what is down."""
        servers, channels, silent = 0, 0, 0
        for guild_id in await self._guilds():
            found = [await self._affected(guild_id, name, down) for name in incident.down]
            speaking = together(found).speaking
            servers += bool(speaking)
            channels += sum(map(len, speaking.values()))
            silent += len(speaking.get(None, ()))
        return say(
            "{channels} channels in {servers} servers; {silent} of them without an answer.",
            channels=channels,
            servers=servers,
            silent=silent,
        )

    async def _guilds(self) -> set[int]:
        return {channel.guild_id for channel in await self._bindings.channels()}

    async def _earlier(self, incident: Incident) -> int:
        """The profile's other outages that began within the hour before."""
        since = incident.opened_at - HOUR
        return sum(
            other.id < incident.id and other.opened_at > since
            for other in await self._store.incidents(incident.profile, limit=50)
        )


def _just_over(incidents: Sequence[Incident], notices: Sequence[Notice]) -> list[Incident]:
    """Those that are over and were told to go on."""
    told_open = {notice.incident_id for notice in notices if notice.told == "open"}
    return [each for each in incidents if each.closed_at is not None and each.id in told_open]
