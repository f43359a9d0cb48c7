"""Gathers what a status panel shows of one server."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from backends.breaker import BreakerStatus
from backends.limits import Queue
from bot import charts
from bot.bars import day_bar
from bot.incident_text import headline
from bot.notice_board import NoticeBoard
from bot.notices import Notices
from bot.status_panel import Panel, Section, panel
from bot.status_text import Row
from bot.usage_text import amounts
from roleplay.affected import Routes, used
from roleplay.bindings import Bindings, GuildSettings
from roleplay.health import HealthStore
from roleplay.history import Bucket, History, Window
from roleplay.monitor import Monitor
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.usage import SqlUsage

DAY = 86400
LAST_OUTAGES = 5


class Lines(Protocol):
    """What `backends.pool.Pool` knows of each profile."""

    def breaker(self, name: str) -> BreakerStatus: ...

    def queue(self, name: str) -> Queue: ...

    def cautions(self, name: str) -> Sequence[str]: ...


class StatusReader:
    """`settings_hold` is False where config.json has a fault and older settings are in force."""

    def __init__(
        self,
        monitor: Monitor,
        store: HealthStore,
        history: History,
        usage: SqlUsage,
        bindings: Bindings,
        *,
        routes: Callable[[], Routes],
        lines: Lines,
        board: NoticeBoard,
        notices: Notices,
        settings_hold: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._monitor = monitor
        self._store = store
        self._history = history
        self._usage = usage
        self._bindings = bindings
        self._routes = routes
        self._lines = lines
        self._board = board
        self._notices = notices
        self._settings_hold = settings_hold
        self._clock = clock

    async def read(self, guild_id: int, *, details: bool) -> Panel:
        """`details`, for managers: every profile with its causes, spend, and what is wrong.

        Raises:
            StorageError: the panel is not known.
        """
        now = self._clock.now()
        guild = await self._bindings.guild(guild_id)
        names = list(self._routes().chains)
        if not details:
            mine = await self._used(guild)
            names = [name for name in names if name in mine]
        windows = await self._history.windows(now)
        hours = await self._history.series("hour", now - DAY + 3600)
        picture = await self._draw(names, hours, now)
        days = {} if picture else {name: day_bar(hours.get(name, ()), now) for name in names}
        rows = [self._row(name, windows.get(name, {}), days.get(name, "")) for name in names]
        sections = await self._sections(guild, names, details=details)
        return panel(rows, sections, details=details, picture=picture)

    async def _used(self, guild: GuildSettings) -> set[str]:
        channels = await self._bindings.channels(guild.guild_id)
        parents = self._board.parents(guild.guild_id, (each.channel_id for each in channels))
        return used(guild, channels, parents, self._routes())

    async def _draw(
        self, names: Sequence[str], hours: Mapping[str, Sequence[Bucket]], now: float
    ) -> bytes | None:
        lines = [charts.Line(name, hours[name]) for name in names if name in hours]
        return await asyncio.to_thread(charts.draw_day, lines, now)

    def _row(self, profile: str, windows: Mapping[Window, Bucket], day: str) -> Row:
        breaker, queue = self._lines.breaker(profile), self._lines.queue(profile)
        return Row(
            self._monitor.state(profile),
            breaker.phase,
            breaker.seconds,
            running=queue.running,
            waiting=queue.waiting,
            cautions=self._lines.cautions(profile),
            windows=windows,
            day=day,
            planned=self._monitor.planned_until(profile),
            checks=self._monitor.checks_needed(profile),
        )

    async def _sections(
        self, guild: GuildSettings, names: Collection[str], *, details: bool
    ) -> list[Section]:
        sections = [Section(say("Last outages"), await self._outages(names))]
        since = self._monitor.own.offline_since
        if since is not None:
            text = say("I am offline since <t:{at}:R>: no server is judged.", at=int(since))
            sections.append(Section(say("Network"), text))
        if details:
            sections += [
                Section(say("Today"), await self._spent(guild.guild_id)),
                Section(say("Outage notices"), self._told(guild)),
                Section(say("Settings"), self._settings()),
            ]
        return sections

    async def _outages(self, names: Collection[str]) -> str:
        found = await self._store.incidents(limit=50)
        mine = [incident for incident in found if any(name in names for name in incident.profiles)]
        return "\n".join(headline(incident, names) for incident in mine[:LAST_OUTAGES])

    async def _spent(self, guild_id: int) -> str:
        today = self._clock.now() // DAY * DAY
        total = await self._usage.spent("total", today, guild_id)
        return amounts(total[0]) if total else ""

    def _settings(self) -> str:
        if self._settings_hold():
            return ""
        return say(
            "⚠️ `config.json` was changed and has a fault, so the settings before it stay. "
            "The bot's owner sees more with `/profiles reload`."
        )

    def _told(self, guild: GuildSettings) -> str:
        channel = guild.outage_channel_id
        if channel is None:
            return say("Off. Choose a channel with `/outages channel`.")
        obstacle = self._board.obstacle(guild.guild_id, channel)
        problem = obstacle or self._notices.refusal(guild.guild_id)
        return f"⚠️ {problem}" if problem else say("In <#{channel}>.", channel=channel)
