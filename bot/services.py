"""What the bot is made of, put together once."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from random import Random

import discord

from backends.pool import Pool
from bot.amends import Amends
from bot.backstage.parts import Backstage
from bot.backstage.story import story_cogs
from bot.backstage.upkeep import upkeep_cogs
from bot.client import Client
from bot.cogs.departures import Departures
from bot.config.load import Loaded
from bot.connection import OwnLine
from bot.costs import Costs
from bot.ears import Ears
from bot.holding import Holding
from bot.inbox import Inbox
from bot.live_panels import LivePanels
from bot.memory_worker import MemoryWorker
from bot.newest_rows import NewestRows
from bot.notice_board import NoticeBoard
from bot.orphans import Orphans
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.prompts.prompting import Prompting
from bot.reloading.files import Stamps
from bot.reloading.live import LiveParts, scene_defaults
from bot.reloading.reloader import Reloader
from bot.reloading.worker import ReloadWorker
from bot.schedule import Schedule
from bot.speaker import ChannelSpeaker
from bot.status_reader import StatusReader
from bot.steering import Steering
from bot.sync import sync_when_changed
from bot.telling import Telling
from bot.traffic import TrafficLedger
from bot.turns import Turns
from bot.voicing import Voicing
from bot.watcher import Gauge, TrafficWatcher
from bot.watching import Watching
from bot.web.endpoints import Endpoints
from bot.web.exposition import figures
from bot.web.gateway import heartbeat
from roleplay.affected import Routes
from roleplay.budgets import Limit
from roleplay.conversation import Conversation
from roleplay.counting import TokenCounting
from roleplay.greeting import CardGreetings
from roleplay.lorebooks.settings import LoreSettings
from roleplay.memory.likeness import Likeness
from roleplay.memory.remembering import Remembering
from roleplay.memory.store import MemoryRules
from roleplay.memory.summariser import Summariser
from roleplay.ports import Clock
from roleplay.prompting.forgetting import Forgetting
from roleplay.prompting.lore import AttachedBooks, LoreContributor
from roleplay.prompting.preset_contributor import PresetContributor
from roleplay.purse import Purse
from roleplay.retelling import Retelling
from roleplay.rounds import Director
from roleplay.scene import Scenes
from roleplay.substitutes import Substitutes
from storage.open import Stores


class Services:
    """Made from what `open_app` has opened; opens nothing itself.

    `read` are the stamps of the config's files when it was read.
    """

    def __init__(
        self,
        loaded: Loaded,
        stores: Stores,
        pool: Pool,
        *,
        pacer: Pacer,
        schedule: Schedule,
        tasks: asyncio.TaskGroup,
        clock: Clock,
        read: Stamps,
    ) -> None:
        config = loaded.config
        self._stores = stores
        self._pool = pool
        self._pacer = pacer
        self._clock = clock
        self._tasks = tasks
        self._schedule = schedule
        self.client = Client(self._set_up, owners=config.discord.owner_ids)
        self.inbox = Inbox()
        self._scenes = Scenes(
            stores.bindings, scene_defaults(config), stores.casts, stores.characters
        )
        self._board = NoticeBoard(self.client, partial(pacer.call, Priority.NOTICE), clock)
        self._telling = Telling(
            config.health,
            lambda: self.client.owners,
            self.client,
            store=stores.health,
            bindings=stores.bindings,
            meanwhile=stores.meanwhile,
            board=self._board,
            facts=lambda: self._monitor,
            routes=self._routes,
            clock=clock,
        )
        self._notices = self._telling.notices
        self._watching = Watching(
            config.health,
            stores,
            pool,
            notifier=self._notices,
            line=OwnLine(self._ask_discord, config.health.connectivity),
            schedule=schedule,
            clock=clock,
        )
        self._monitor = self._watching.monitor
        self._purse = pool.purse = Purse(
            stores.budgets,
            self._fixed_limits,
            lambda: pool.profiles,
            clock,
        )
        self._costs = Costs(stores.usage, lambda: pool.profiles)
        self.traffic = TrafficLedger(stores.history, clock)
        self._figures = figures(
            lambda: pool.profiles,
            monitor=self._monitor,
            lines=pool,
            turns=self._busy,
            latency=lambda: heartbeat(self.client),
        )
        gauges: list[Gauge] = [self.traffic]
        if self._figures:
            gauges.append(self._figures[1])
        self.endpoints = Endpoints(
            lambda: stores.settings.get("alive"),
            lambda: heartbeat(self.client) is not None,
            self._figures[0] if self._figures else None,
        )
        counting = TokenCounting(stores.transcript, pool.tokenizer)
        self._voicing = voicing = Voicing(
            self.client, pacer, stores, setting=config.chat.voices, tasks=tasks, clock=clock
        )
        self._sender = sender = voicing.sender
        self._ears = Ears(self.client, voicing.hooks.is_ours, config.chat.proxies)
        likeness = Likeness(
            stores.memory,
            stores.vectors,
            self._memory_rules,
            pool.embedder,
            is_idle=self._is_idle,
            is_up=lambda name: name in pool.profiles and pool.breaker(name).phase == "closed",
            clock=clock,
        )
        self._prompting = Prompting(
            stores.prompts,
            pool,
            clock,
            lambda: self.reloader.config.chat.prompt,
            further=(
                PresetContributor(stores.presets),
                self._lore(),
                Remembering(stores.memory, stores.moments, self._memory_rules, likeness),
            ),
        )
        orphans = Orphans(self.client, pacer, stores.transcript, voicing.hooks, voicing.speech)
        self._summariser = Summariser(stores.memory, pool, self._memory_rules, self._is_idle, clock)
        self.memory = MemoryWorker(self._summariser, likeness, self._costs.settle)
        speaker = ChannelSpeaker(
            sender,
            orphans,
            NewestRows(sender, stores.transcript),
            edit_interval=config.chat.edit_interval,
            buttons=config.chat.buttons,
        )
        self.holding = Holding(
            stores.waiting,
            self._scenes,
            stores.transcript,
            sender,
            pool,
            turns=lambda: self.turns,
            clock=clock,
        )
        self._greetings = CardGreetings(clock, self._prompting.zone)
        self._watcher = TrafficWatcher(
            tasks,
            self._monitor,
            counting,
            self._costs,
            gauges=gauges,
            told=(self.memory.answered,),
        )
        self._conversation = Conversation(
            transcript=stores.transcript,
            scenes=self._scenes,
            assembler=self._prompting.assembler,
            forgetting=Forgetting(stores.prompts, clock),
            substitutes=Substitutes(stores.waiting, self._monitor.incident),
            patience=self.holding,
            purse=self._purse,
            chains=pool,
            speaker=speaker,
            watcher=self._watcher,
            clock=clock,
            voices=voicing.voices,
            direction=Director(stores.rounds, self._scenes.character, Random()),
            ownership=stores.ownership,
            personas=stores.personas,
            greetings=self._greetings,
        )
        self.turns = Turns(self._conversation, tasks, config.chat.max_concurrent)
        self._amends = Amends(
            stores.ownership, stores.transcript, self._conversation, self.turns, sender
        )
        self._steering = Steering(
            stores.transcript,
            self.turns,
            self.inbox,
            self._conversation,
            Retelling(stores.transcript, self._scenes, speaker, voicing.voices),
            self._amends,
        )
        self._live = LiveParts(
            config,
            client=self.client,
            scenes=self._scenes,
            speaker=speaker,
            turns=self.turns,
            voices=voicing.voices,
            ears=self._ears,
            pool=pool,
            watching=self._watching,
            telling=self._telling,
            tasks=tasks,
        )
        self._status = StatusReader(
            self._monitor,
            stores.health,
            stores.history,
            stores.usage,
            stores.bindings,
            routes=self._routes,
            lines=pool,
            board=self._board,
            notices=self._notices,
            settings_hold=lambda: self.reloader.fault is None,
            clock=clock,
        )
        self._panels = LivePanels(
            self.client,
            stores.panels,
            self._status,
            partial(pacer.call, Priority.NOTICE),
            clock,
        )
        self._departures = Departures(
            self.client, stores.departures, stores.guilds, clock, config.storage.keep_left
        )
        self.reloader = Reloader(loaded, stores.profiles, pool, self._live)
        self.reloading = ReloadWorker(self.reloader, read)

    def workers(self) -> Iterable[Callable[[], Coroutine[None, None, None]]]:
        """What runs beside the client as long as the program does."""
        return self.inbox.run, self._notices.run, self.reloading.run, self.memory.run

    def _fixed_limits(self) -> list[Limit]:
        return [each.limit for each in self.reloader.config.limits]

    def _memory_rules(self) -> MemoryRules:
        return self.reloader.config.memory.rules()

    def _is_idle(self, profile: str) -> bool:
        """Nobody is being answered by it, and it is not known to be down."""
        if profile not in self._pool.profiles:
            return True
        queue = self._pool.queue(profile)
        return self._pool.breaker(profile).phase == "closed" and queue.running < queue.limit

    def _lore(self) -> LoreContributor:
        books = AttachedBooks(self._stores.lorebooks)
        return LoreContributor(books, self._stores.lore_timers, self._lore_settings)

    def _lore_settings(self) -> LoreSettings:
        return self.reloader.config.chat.lorebooks.settings()

    def _busy(self) -> int:
        return self.turns.running()

    def _routes(self) -> Routes:
        return Routes.of(self._pool.profiles, self.reloader.config.default_profile)

    async def _set_up(self, client: Client) -> None:
        """Between login and connection. Long work is handed to the inbox, out of the client."""
        self._live.use_name()
        await self._voicing.load()
        back = self._backstage()
        for cog in (*story_cogs(back), *upkeep_cogs(back)):
            await client.add_cog(cog)
        guild = self.reloader.config.discord.dev_guild
        await sync_when_changed(
            client.tree, self._stores.settings, guild=discord.Object(guild) if guild else None
        )
        self.inbox.put(self._begin)

    async def _begin(self) -> None:
        await self._conversation.recover()
        await self._voicing.sweep()
        await self._watching.load()
        self._notices.wake()
        self._live.begin()
        self._schedule.every(60, 0, self.traffic.store)
        self._schedule.every(30, 5, self._panels.refresh)
        self._schedule.every(60, 5, self._stores.moments.tidy)
        self._schedule.every(3600, 60, self._stores.audit.tidy)
        self._schedule.every(10, 0, self.holding.look)
        self._schedule.every(3600, 60, self._departures.sweep)

    async def _ask_discord(self) -> None:
        await self._pacer.call(Priority.NOTICE, 0, self.client.application_info)

    def _backstage(self) -> Backstage:
        return Backstage(
            amends=self._amends,
            board=self._board,
            client=self.client,
            clock=self._clock,
            conversation=self._conversation,
            costs=self._costs,
            departures=self._departures,
            ears=self._ears,
            greetings=self._greetings,
            inbox=self.inbox,
            lore_settings=self._lore_settings,
            monitor=self._monitor,
            notices=self._notices,
            pacer=self._pacer,
            panels=self._panels,
            pool=self._pool,
            prompting=self._prompting,
            purse=self._purse,
            reloader=self.reloader,
            scenes=self._scenes,
            sender=self._sender,
            status=self._status,
            steering=self._steering,
            stores=self._stores,
            summariser=self._summariser,
            tasks=self._tasks,
            telling=self._telling,
            turns=self.turns,
            voicing=self._voicing,
            watcher=self._watcher,
            watching=self._watching,
        )
