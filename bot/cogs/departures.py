"""What is kept of a server goes some time after the bot has left it."""

import logging
from collections.abc import Sequence
from typing import Protocol

import discord
from discord.ext import commands

from roleplay.errors import StorageError
from roleplay.ports import Clock
from storage.departures import SqlDepartures
from storage.guilds import SqlGuilds

log = logging.getLogger(__name__)

DAY = 86400.0


class HasId(Protocol):
    id: int


class Servers(Protocol):
    """What a client knows of where the bot is."""

    @property
    def guilds(self) -> Sequence[HasId]: ...

    def is_ready(self) -> bool: ...


class Departures(commands.Cog):
    """`days` is how long a server that threw the bot out by mistake has to bring it back."""

    def __init__(
        self,
        client: Servers,
        departures: SqlDepartures,
        guilds: SqlGuilds,
        clock: Clock,
        days: float,
    ) -> None:
        self._client = client
        self._departures = departures
        self._guilds = guilds
        self._clock = clock
        self.days = days

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._departures.left(guild.id, self._clock.now())
        log.info("Left the server %d: its data go in %g days", guild.id, self.days)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._departures.came_back(guild.id)

    async def sweep(self) -> None:
        """Remove what is due. A server that cannot be removed now is tried again."""
        if not self._client.is_ready():
            return
        now = self._clock.now()
        await self._departures.here([guild.id for guild in self._client.guilds], now)
        for guild_id in await self._departures.before(now - self.days * DAY):
            try:
                await self._guilds.forget(guild_id)
                await self._departures.came_back(guild_id)
            except StorageError as exc:
                log.warning("The data of the server %d stay for now: %s", guild_id, exc)
            else:
                log.info("Removed the data of the server %d, which was left", guild_id)
