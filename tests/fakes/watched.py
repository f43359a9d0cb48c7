"""A Discord with servers that speak through watched profiles, for the tests of what they read."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import discord
import simcord
from discord.ext import commands
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.config.health import HealthSection
from bot.notice_board import NoticeBoard
from bot.telling import Telling
from bot.tree import Tree
from fakes.clock import VirtualClock
from fakes.health import ScriptedProber
from roleplay.affected import Routes
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.health import Thresholds
from roleplay.monitor import Monitor
from roleplay.places import NOWHERE, Place
from roleplay.plans import Plans
from roleplay.ports import ProbeState
from storage.open import Stores, open_stores

T = TypeVar("T")

ROUTES = Routes("main", {"main": ("main", "backup"), "backup": ("backup",), "other": ("other",)})


class World:
    """One profile `main` that is watched, and servers that speak through it."""

    def __init__(
        self, env: simcord.Env, bot: commands.Bot, stores: Stores, clock: VirtualClock
    ) -> None:
        self.env = env
        self.bot = bot
        self.prober = ScriptedProber(main=["up"])
        self.stores = stores
        self.store = stores.health
        self.bindings = stores.bindings
        self.clock = clock
        self.taken = asyncio.Event()
        self.health = HealthSection(reminder=0)
        self.routes = ROUTES
        self.settle = 0.0
        self.owners: tuple[int, ...] = ()
        self.places: dict[str, Place] = {}
        self.restart()

    def restart(self) -> None:
        """A new process: only what is stored, and Discord, remain."""
        self.board = NoticeBoard(self.bot, self.pace, self.clock)
        self.plans = Plans(self.stores.maintenance, self.clock)
        self.telling = Telling(
            self.health,
            lambda: self.owners,
            self.bot,
            store=self.store,
            bindings=self.bindings,
            meanwhile=self.stores.meanwhile,
            board=self.board,
            facts=lambda: self.monitor,
            routes=lambda: self.routes,
            clock=self.clock,
            settle=self.settle,
        )
        self.notices = self.telling.notices
        self.monitor = Monitor(
            self.prober,
            self.store,
            self.clock,
            self.notices,
            thresholds=Thresholds(),
            concurrency=3,
            place=lambda name: self.places.get(name, NOWHERE),
            planned=self.plans.until,
        )

    async def pace(self, channel_id: int, make: Callable[[], Awaitable[T]]) -> T:
        del channel_id
        done = await make()
        self.taken.set()
        return done

    async def paced(self, channel_id: int, make: Callable[[], Awaitable[T]]) -> T:
        """At once, whatever it is."""
        del channel_id
        return await make()

    async def server(self, profile: str | None = None) -> simcord.ChannelHandle:
        """A server with one bound channel; returns its outage channel."""
        guild = self.env.create_guild()
        talk = guild.create_text_channel("tavern")
        outages = guild.create_text_channel("outages")
        await self.env.settle()
        await self.bindings.bind(ChannelBinding(talk.id, guild.id, 1, 0.0, profile=profile))
        await self.choose(guild.id, outages.id)
        return outages

    async def choose(self, guild_id: int, channel_id: int | None) -> None:
        await self.bindings.save_guild(GuildSettings(guild_id, outage_channel_id=channel_id))

    async def minutes(self, *found: ProbeState) -> None:
        """A probe each minute, and a look after it."""
        for state in found:
            self.prober.scripts["main"].clear()
            self.prober.scripts["main"].append(state)
            await self.monitor.sweep(["main"])
            await self.notices.reconcile()
            self.clock.advance(60)

    async def all(self, found: ProbeState, *names: str, times: int = 1, seconds: int = 60) -> None:
        """So many checks of several profiles, and a look after each."""
        for _ in range(times):
            for name in names:
                self.prober.scripts[name] = deque([found])
            await self.monitor.sweep(names)
            await self.notices.reconcile()
            self.clock.advance(seconds)

    async def goes_down(self) -> None:
        await self.minutes("down", "down", "down")

    async def comes_back(self) -> None:
        await self.minutes("up", "up")


@asynccontextmanager
async def world(folder: Path) -> AsyncGenerator[World]:
    bot = commands.Bot(
        command_prefix=(),
        help_command=None,
        intents=discord.Intents(guilds=True),
        tree_cls=Tree,
    )
    clock = VirtualClock()
    async with open_stores(folder, clock.now) as stores, simcord.run(bot) as env:
        yield World(env, bot, stores, clock)


def titles(channel: simcord.ChannelHandle) -> list[str | None]:
    return [embed.title for message in channel.history() for embed in message.embeds]


def deny(target: int, permissions: discord.Permissions) -> Overwrite:
    return Overwrite(target, OverwriteType.ROLE, 0, permissions.value)


def texts(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """The texts of a panel of components, from the top down."""
    found: list[str] = []
    for component in components:
        found += [str(component["content"])] if "content" in component else []
        found += texts(component.get("components", []))
    return found
