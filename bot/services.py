"""What the bot is made of, put together once."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial

import discord
from discord.ext import commands

from backends.pool import Pool
from bot.catch_up import CatchUp
from bot.choices import ProfileNames
from bot.client import Client
from bot.cogs.channel import ChannelCommands
from bot.cogs.chat import ChatCog
from bot.cogs.help import HelpCommands
from bot.cogs.outages import OutageCommands
from bot.cogs.profile import ProfileCommands
from bot.cogs.status import StatusCommand
from bot.cogs.turns import TurnCommands
from bot.config.models import Config
from bot.ears import Ears
from bot.inbox import Inbox
from bot.notice_board import NoticeBoard
from bot.notices import Notices
from bot.orphans import Orphans
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.profile_text import describe
from bot.profile_trial import ProfileTrial
from bot.reception import Reception
from bot.schedule import Schedule
from bot.sending import Sender
from bot.speaker import ChannelSpeaker
from bot.sync import sync_when_changed
from bot.turns import Turns
from bot.watcher import TrafficWatcher
from roleplay.affected import Routes
from roleplay.conversation import Conversation
from roleplay.counting import TokenCounting
from roleplay.health import Thresholds
from roleplay.monitor import Monitor
from roleplay.ports import Clock
from roleplay.scene import Character, SceneDefaults, Scenes
from storage.open import Stores


class Services:
    """Made from what `open_app` has opened; opens nothing itself."""

    def __init__(
        self,
        config: Config,
        stores: Stores,
        pool: Pool,
        *,
        pacer: Pacer,
        schedule: Schedule,
        tasks: asyncio.TaskGroup,
        clock: Clock,
    ) -> None:
        self._config = config
        self._stores = stores
        self._pool = pool
        self._pacer = pacer
        self._schedule = schedule
        self._clock = clock
        self.client = Client(self._set_up, owners=config.discord.owner_ids)
        self.inbox = Inbox()
        self._scenes = Scenes(stores.bindings, _defaults(config))
        self._board = NoticeBoard(self.client, partial(pacer.call, Priority.NOTICE), clock)
        self._notices = Notices(stores.health, stores.bindings, self._board, self._routes, clock)
        self._monitor = self._watch(config)
        counting = TokenCounting(stores.transcript, pool.tokenizer)
        sender = Sender(self.client, pacer, clock)
        orphans = Orphans(self.client, pacer, stores.transcript)
        self._conversation = Conversation(
            transcript=stores.transcript,
            scenes=self._scenes,
            chains=pool,
            speaker=ChannelSpeaker(sender, orphans, config.chat.edit_interval),
            watcher=TrafficWatcher(tasks, self._monitor, counting),
            clock=clock,
        )
        self.turns = Turns(self._conversation, tasks, config.chat.max_concurrent)

    def workers(self) -> Iterable[Callable[[], Coroutine[None, None, None]]]:
        """What runs beside the client as long as the program does."""
        return self.inbox.run, self._notices.run

    def _watch(self, config: Config) -> Monitor:
        health = config.health
        return Monitor(
            self._pool,
            self._stores.health,
            self._clock,
            self._notices,
            thresholds=Thresholds(health.failure_threshold, health.success_threshold),
            concurrency=health.concurrency,
        )

    def _routes(self) -> Routes:
        return Routes.of(self._pool.profiles, self._config.default_profile)

    async def _set_up(self, client: Client) -> None:
        """Between login and connection. Long work is handed to the inbox, out of the client."""
        self._name_character(client)
        for cog in self._cogs():
            await client.add_cog(cog)
        guild = self._config.discord.dev_guild
        await sync_when_changed(
            client.tree, self._stores.settings, guild=discord.Object(guild) if guild else None
        )
        self.inbox.put(self._begin)

    async def _begin(self) -> None:
        await self._conversation.recover()
        await self._monitor.load(self._pool.profiles)
        self._notices.wake()
        health = self._config.health
        if health.enabled:
            self._schedule.every(health.interval, health.jitter, self._sweep)

    async def _sweep(self) -> None:
        await self._monitor.sweep(self._pool.profiles)

    def _name_character(self, client: Client) -> None:
        """A character without a name of its own has the bot's."""
        character = self._scenes.defaults.character
        if not character.name and client.user:
            named = replace(character, name=client.user.display_name)
            self._scenes.defaults = replace(self._scenes.defaults, character=named)

    def _describe(self, profile: str) -> str:
        return describe(self._pool.profiles[profile], self._pool.samplers(profile))

    def _cogs(self) -> Iterable[commands.Cog]:
        stores, clock = self._stores, self._clock
        profiles = ProfileNames(lambda: self._pool.profiles)
        ears, reception = Ears(self.client), Reception(self._conversation, self.turns)
        catch_up = CatchUp(
            self.client,
            ears,
            reception,
            bindings=stores.bindings,
            transcript=stores.transcript,
            pacer=self._pacer,
            clock=clock,
        )
        yield ChatCog(
            ears,
            catch_up,
            inbox=self.inbox,
            reception=reception,
            transcript=stores.transcript,
            turns=self.turns,
        )
        yield TurnCommands(stores.transcript, self.turns, self.inbox, clock)
        yield ChannelCommands(stores.bindings, self._scenes, profiles, clock)
        yield ProfileCommands(
            stores.bindings,
            profiles,
            ProfileTrial(self._pool, clock),
            lambda: self._config.default_profile,
            describe=self._describe,
        )
        yield StatusCommand(
            self._monitor,
            stores.bindings,
            self._routes,
            self._pool.breaker,
            board=self._board,
            notices=self._notices,
        )
        yield OutageCommands(stores.bindings, self._board, self._notices)
        yield HelpCommands(self.client.tree)


def _defaults(config: Config) -> SceneDefaults:
    chat = config.chat
    character = Character(chat.character.name, chat.character.prompt)
    return SceneDefaults(config.default_profile, character, chat.mode, chat.wake_words)
