"""Outage notices: one message per incident and server, brought in line with what is stored.

Nothing here is told by event alone. `reconcile` compares the stored incidents with the stored
notices and does what is missing, so a restart repeats nothing, and what Discord did not take, or
nobody could be told at the time, is told later. The monitor's calls only say: look now.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import discord

from bot import notice_text
from bot.notice_board import MessageGone, NoticeBoard, NotTaken
from roleplay.affected import Affected, Routes, affected
from roleplay.bindings import Bindings, GuildSettings
from roleplay.errors import StorageError
from roleplay.health import HealthStore, Incident, Notice
from roleplay.ports import Clock

log = logging.getLogger(__name__)

LOOK = 30.0
"""Seconds between two looks when nothing wakes us."""

EDIT_SPACING = 60.0
"""Seconds between two edits of one notice while its incident goes on."""

HOUR = 3600.0

MOST_POSTS = 2
"""New messages per profile, server and hour; a profile that flaps more edits its last one."""

Key = tuple[int, int]
"""Of a notice: incident, server."""


class Notices:
    """A `Notifier`. `run` does the work; the other methods only wake it."""

    def __init__(
        self,
        store: HealthStore,
        bindings: Bindings,
        board: NoticeBoard,
        routes: Callable[[], Routes],
        clock: Clock,
    ) -> None:
        self._store = store
        self._bindings = bindings
        self._board = board
        self._routes = routes
        self._clock = clock
        self._look = asyncio.Event()
        self._edition: Counter[int] = Counter()
        self._told: dict[Key, tuple[int, float]] = {}
        self._reposted: set[Key] = set()
        self._refusals: dict[int, str] = {}

    async def opened(self, incident: Incident) -> None:
        del incident
        self.wake()

    async def changed(self, incident: Incident) -> None:
        self._edition[incident.id] += 1
        self.wake()

    async def closed(self, incident: Incident) -> None:
        self._edition.pop(incident.id, None)
        self.wake()

    def wake(self) -> None:
        """Something changed: an incident, a setting, a permission, the connection."""
        self._look.set()

    def refusal(self, guild_id: int) -> str:
        """Why the last notice of this server was not taken; "" when it was."""
        return self._refusals.get(guild_id, "")

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
                async with asyncio.timeout(LOOK):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def reconcile(self) -> None:
        """One look: tell what is not told yet.

        Raises:
            StorageError: some of it is still not told.
        """
        for incident in await self._store.untold():
            for notice in await self._store.notices(incident.id):
                if notice.told == "open":
                    await self._close(incident, notice)
        going = await self._store.open_incidents()
        if not going:
            return
        guilds = await self._bindings.guilds()
        down = {incident.profile for incident in going}
        for incident in going:
            await self._tell(incident, guilds, down)

    async def _tell(
        self, incident: Incident, guilds: Sequence[GuildSettings], down: set[str]
    ) -> None:
        told = {notice.guild_id: notice for notice in await self._store.notices(incident.id)}
        for guild in guilds:
            notice = told.get(guild.guild_id)
            if notice is None and guild.outage_channel_id is None:
                continue
            if notice and not self._due(notice):
                continue
            concerned = await self._concerned(incident.profile, guild, down)
            if notice:
                await self._refresh(incident, notice, concerned)
            elif concerned:
                await self._open(incident, guild, concerned)

    async def _concerned(self, profile: str, guild: GuildSettings, down: set[str]) -> Affected:
        channels = await self._bindings.channels(guild.guild_id)
        parents = self._board.parents(guild.guild_id, (each.channel_id for each in channels))
        return affected(profile, guild, channels, parents, routes=self._routes(), down=down)

    def _due(self, notice: Notice) -> bool:
        edition, at = self._told.get((notice.incident_id, notice.guild_id), (0, float("-inf")))
        news = self._edition[notice.incident_id] > edition
        return news and self._clock.monotonic() - at >= EDIT_SPACING

    async def _open(self, incident: Incident, guild: GuildSettings, concerned: Affected) -> None:
        channel_id = guild.outage_channel_id or 0
        before = await self._earlier(incident)
        embed = notice_text.opened(incident, concerned, 1 + len(before))
        with self._noting(guild.guild_id):
            message_id = await self._again(before, guild.guild_id, channel_id, embed)
            if message_id is None:
                nonce = f"{incident.id:x}.{guild.guild_id:x}"
                message_id = await self._board.post(guild.guild_id, channel_id, embed, nonce)
            await self._keep(Notice(incident.id, guild.guild_id, channel_id, message_id, "open"))

    async def _again(
        self, before: Sequence[Incident], guild_id: int, channel_id: int, embed: discord.Embed
    ) -> int | None:
        """Let the last message of a flapping profile tell the new outage; None: post a new one."""
        found = [await self._store.notices(incident.id) for incident in before]
        recent = [notice for notices in found for notice in notices if notice.guild_id == guild_id]
        if len({notice.message_id for notice in recent}) < MOST_POSTS:
            return None
        last = recent[0]
        if last.channel_id != channel_id:
            return None
        try:
            await self._board.edit(guild_id, channel_id, last.message_id, embed)
        except MessageGone:
            return None
        await self._store.save_notice(replace(last, told="closed"))
        return last.message_id

    async def _refresh(self, incident: Incident, notice: Notice, concerned: Affected) -> None:
        outages = 1 + len(await self._earlier(incident))
        embed = notice_text.opened(incident, concerned, outages)
        with self._noting(notice.guild_id):
            await self._keep(await self._edit(notice, embed))

    async def _close(self, incident: Incident, notice: Notice) -> None:
        removed = incident.profile not in self._routes().chains
        embed = notice_text.closed(incident, removed=removed)
        with self._noting(notice.guild_id):
            edited = await self._edit(notice, embed)
            await self._store.save_notice(replace(edited, told="closed"))
            self._told.pop((notice.incident_id, notice.guild_id), None)

    async def _edit(self, notice: Notice, embed: discord.Embed) -> Notice:
        """A message that somebody deleted is posted anew, once."""
        try:
            await self._board.edit(notice.guild_id, notice.channel_id, notice.message_id, embed)
        except MessageGone:
            return await self._repost(notice, embed)
        return notice

    async def _repost(self, notice: Notice, embed: discord.Embed) -> Notice:
        key = (notice.incident_id, notice.guild_id)
        channel_id = (await self._bindings.guild(notice.guild_id)).outage_channel_id
        if channel_id is None or key in self._reposted:
            return notice
        nonce = f"{notice.incident_id:x}.{notice.guild_id:x}r"
        message_id = await self._board.post(notice.guild_id, channel_id, embed, nonce)
        self._reposted.add(key)
        return replace(notice, channel_id=channel_id, message_id=message_id)

    async def _keep(self, notice: Notice) -> None:
        """Discord has taken it: only now it counts as told."""
        await self._store.save_notice(notice)
        key = (notice.incident_id, notice.guild_id)
        self._told[key] = (self._edition[notice.incident_id], self._clock.monotonic())

    async def _earlier(self, incident: Incident) -> list[Incident]:
        """The profile's other outages that began within the hour before, newest first."""
        return [
            other
            for other in await self._store.incidents(incident.profile, limit=50)
            if other.id < incident.id and other.opened_at > incident.opened_at - HOUR
        ]

    @contextmanager
    def _noting(self, guild_id: int) -> Generator[None]:
        try:
            yield
        except NotTaken as exc:
            if self._refusals.get(guild_id) != str(exc):
                log.warning("No outage notice in server %d: %s", guild_id, exc)
            self._refusals[guild_id] = str(exc)
        else:
            self._refusals.pop(guild_id, None)
