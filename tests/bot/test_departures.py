"""A server that the bot was removed from: its data go, but not at once."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fakes.clock import VirtualClock

from bot.cogs.departures import DAY, Departures
from roleplay.bindings import ChannelBinding
from storage.open import Stores, open_stores

OURS, THEIRS = 100, 200


@dataclass
class Place:
    id: int


@dataclass
class Servers:
    """The part of a client that knows where the bot is."""

    guilds: list[Place] = field(default_factory=lambda: [Place(OURS), Place(THEIRS)])
    ready: bool = True

    def is_ready(self) -> bool:
        return self.ready


@dataclass
class World:
    stores: Stores
    servers: Servers
    clock: VirtualClock
    cog: Departures

    async def days(self, count: float) -> None:
        self.clock.advance(count * DAY)
        await self.cog.sweep()

    async def bound(self) -> list[int]:
        return [each.guild_id for each in await self.stores.bindings.channels()]


@asynccontextmanager
async def world(folder: Path) -> AsyncGenerator[World]:
    async with open_stores(folder) as stores:
        for guild_id in (OURS, THEIRS):
            await stores.bindings.bind(ChannelBinding(guild_id + 1, guild_id, 1, 1.0))
        servers, clock = Servers(), VirtualClock()
        cog = Departures(servers, stores.departures, stores.guilds, clock, 30)
        yield World(stores, servers, clock, cog)


async def test_a_server_that_was_left_keeps_its_data_for_the_days_set(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        at.servers.guilds = [Place(OURS)]
        await at.days(0)
        await at.days(29)
        assert await at.bound() == [OURS, THEIRS]
        await at.days(2)
        assert await at.bound() == [OURS]


async def test_a_server_that_comes_back_in_time_loses_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        at.servers.guilds = [Place(OURS)]
        await at.days(0)
        at.servers.guilds = [Place(OURS), Place(THEIRS)]
        await at.days(29)
        at.servers.guilds = [Place(OURS)]
        await at.days(2)
        assert await at.bound() == [OURS, THEIRS]


async def test_while_discord_is_away_nobody_has_left(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        at.servers.guilds, at.servers.ready = [], False
        await at.days(0)
        at.servers.guilds, at.servers.ready = [Place(OURS), Place(THEIRS)], True
        await at.days(40)
        assert await at.bound() == [OURS, THEIRS]
