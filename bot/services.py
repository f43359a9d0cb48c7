"""What the bot is made of, put together once."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from random import Random

import discord
from discord.ext import commands

from backends.pool import Pool
from bot.amends import Amends
from bot.audit.undoing import Undoing
from bot.branches import Branches
from bot.casting.choices import CastNames
from bot.casting.desk import CastDesk
from bot.catch_up import CatchUp
from bot.characters.desk import CharacterDesk
from bot.characters.names import CharacterNames
from bot.choices import ProfileNames
from bot.client import Client
from bot.cogs.audit import AuditCommand
from bot.cogs.cast import CastCommands
from bot.cogs.channel import ChannelCommands
from bot.cogs.characters import CharacterCommands
from bot.cogs.chat import ChatCog
from bot.cogs.departures import Departures
from bot.cogs.dice import DiceCommands
from bot.cogs.greet import GreetCommand
from bot.cogs.help import HelpCommands
from bot.cogs.impersonate import ImpersonateCommand
from bot.cogs.incidents import IncidentsCommand
from bot.cogs.instructions import InstructionCommands
from bot.cogs.limits import LimitCommands
from bot.cogs.lorebook import LorebookCommands
from bot.cogs.maintenance import MaintenanceCommands
from bot.cogs.memory import MemoryCommands
from bot.cogs.message_menu import MessageMenu
from bot.cogs.note import NoteCommands
from bot.cogs.outage_buttons import OutageButtons
from bot.cogs.outages import OutageCommands
from bot.cogs.owner_profiles import OwnerProfileCommands
from bot.cogs.ownership import OwnershipCommands
from bot.cogs.panel import PanelCommands
from bot.cogs.persona_buttons import PersonaButtons
from bot.cogs.personas import PersonaCommands
from bot.cogs.presets import PresetCommands
from bot.cogs.profile import ProfileCommands
from bot.cogs.prompt import PromptCommand
from bot.cogs.reasoning import ReasoningCommand
from bot.cogs.scene import SceneCommands
from bot.cogs.scene_threads import SceneThreads
from bot.cogs.speak import SpeakCommand
from bot.cogs.status import StatusCommand
from bot.cogs.story import StoryCommands
from bot.cogs.swipes import SwipeButtons
from bot.cogs.turns import TurnCommands
from bot.cogs.usage import UsageCommand
from bot.config.load import Loaded
from bot.connection import OwnLine
from bot.costs import Costs
from bot.ears import Ears
from bot.greeter import Greeter
from bot.holding import Holding
from bot.inbox import Inbox
from bot.live_panels import LivePanels
from bot.lorebooks.desk import LorebookDesk
from bot.lorebooks.names import LorebookNames
from bot.lorebooks.trial import LoreTrial
from bot.memory_worker import MemoryWorker
from bot.newest_rows import NewestRows
from bot.notice_board import NoticeBoard
from bot.orphans import Orphans
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.personas.desk import PersonaDesk
from bot.profile_text import describe
from bot.profile_trial import ProfileTrial
from bot.profiles.desk import ProfileDesk
from bot.profiles.moving import Moving
from bot.prompts.glance import Glance
from bot.prompts.prompting import Prompting
from bot.reception import Reception
from bot.reloading.files import Stamps
from bot.reloading.live import LiveParts, scene_defaults
from bot.reloading.reloader import Reloader
from bot.reloading.worker import ReloadWorker
from bot.scenes.desk import SceneDesk
from bot.scenes.overview import Overview
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
from roleplay.impersonation import Ghostwriter
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

    def _lorebooks(self, glance: Glance, characters: CharacterNames) -> LorebookCommands:
        kept = self._stores.lorebooks
        return LorebookCommands(
            kept,
            LorebookNames(kept),
            LorebookDesk(kept),
            characters=characters,
            trial=LoreTrial(glance, AttachedBooks(kept), self._lore_settings),
        )

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
        for cog in self._cogs():
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

    def _describe(self, profile: str) -> str:
        pool = self._pool
        return describe(
            pool.profiles[profile],
            pool.samplers(profile),
            found=pool.known(profile),
            cautions=pool.cautions(profile),
        )

    def _scene_cogs(self, names: CharacterNames, profiles: ProfileNames) -> Iterable[commands.Cog]:
        stores = self._stores
        desk = SceneDesk(
            stores.scenes,
            stores.bindings,
            stores.casts,
            stores.transcript,
            self.turns,
            self.inbox,
            self._sender,
            self._voicing.delivery,
            stores.prompts,
            self._clock,
        )
        overview = Overview(
            stores.scenes, self._scenes, self._prompting.settings, stores.personas, stores.memory
        )
        yield SceneCommands(
            stores.scenes, desk, characters=names, profiles=profiles, overview=overview
        )
        yield SceneThreads(stores.scenes)
        yield PersonaButtons(PersonaDesk(stores.personas))

    def _cogs(self) -> Iterable[commands.Cog]:
        stores, clock = self._stores, self._clock
        profiles = ProfileNames(lambda: self._pool.profiles)
        ears = self._ears
        reception = Reception(
            self._conversation,
            self.turns,
            stores.transcript,
            self._tasks,
            clock,
            is_paused=stores.scenes.is_paused,
        )
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
        yield TurnCommands(stores.transcript, self.turns, self.inbox, clock, rounds=stores.rounds)
        yield SwipeButtons(self._steering)
        yield ReasoningCommand(stores.transcript)
        glance = Glance(self._scenes, stores.transcript, stores.personas, self._prompting.assembler)
        yield PromptCommand(glance, self._pool, profiles)
        yield DiceCommands(self.inbox, reception, clock, random.Random())
        yield MemoryCommands(stores.memory, self._summariser, self._scenes, profiles, clock)
        yield NoteCommands(stores.prompts, self._prompting.settings)
        yield InstructionCommands(stores.prompts, self._prompting.settings)
        names = CharacterNames(stores.characters)
        yield self._lorebooks(glance, names)
        yield CharacterCommands(stores.characters, names, CharacterDesk(stores.characters))
        greeter = Greeter(
            self._scenes, self._greetings, stores.transcript, self.turns, self.inbox, clock
        )
        yield ChannelCommands(
            stores.bindings,
            self._scenes,
            profiles,
            clock,
            casts=stores.casts,
            characters=names,
            greeter=greeter,
            troubles=self._voicing.troubles,
        )
        casts = CastDesk(stores.casts, self._scenes, names)
        yield CastCommands(casts, CastNames(casts, names))
        yield SpeakCommand(
            casts,
            CastNames(casts, names),
            self._scenes,
            transcript=stores.transcript,
            turns=self.turns,
            inbox=self.inbox,
            clock=clock,
        )
        yield GreetCommand(greeter, casts, CastNames(casts, names))
        writer = Ghostwriter(
            stores.transcript,
            self._scenes,
            self._prompting.assembler,
            stores.personas,
            self._pool,
            clock,
            self._watcher,
            stores.usage,
            purse=self._purse,
        )
        yield ImpersonateCommand(
            writer,
            stores.personas,
            self._sender,
            reception=reception,
            turns=self.turns,
            inbox=self.inbox,
            clock=clock,
        )
        yield PresetCommands(stores.presets, self._scenes, lambda: self._pool.profiles)
        trial = ProfileTrial(self._pool, clock)
        moving = Moving(stores.bindings, lambda: self.reloader.config.default_profile)
        yield ProfileCommands(
            stores.bindings,
            profiles,
            trial,
            lambda: self.reloader.config.default_profile,
            describe=self._describe,
            moving=moving,
        )
        desk = ProfileDesk(self.reloader, stores.bindings, stores.bindings, self._pool, trial)
        yield OwnerProfileCommands(desk, profiles, moving)
        yield StatusCommand(self._status)
        yield PanelCommands(self._panels)
        yield IncidentsCommand(stores.health, profiles, clock)
        yield OutageCommands(stores.bindings, self._board, self._telling)
        plans, wake = self._watching.plans, self._notices.wake
        yield OutageButtons(
            stores.health,
            self._monitor,
            plans,
            moving,
            profiles=lambda: list(self._pool.profiles),
            wake=wake,
            clock=clock,
        )
        yield MaintenanceCommands(plans, profiles, wake, clock)
        yield from self._accounts(profiles)
        yield OwnershipCommands(self.client, self._amends, self.inbox)
        yield StoryCommands(self._steering, self._amends, self._sender)
        delivery = self._voicing.delivery
        yield from self._scene_cogs(names, profiles)
        branches = Branches(
            stores.transcript, stores.bindings, stores.casts, self._sender, delivery, clock
        )
        yield MessageMenu(self.client, self._steering, self._amends, branches, delivery)
        yield PersonaCommands(PersonaDesk(stores.personas))
        yield self._departures
        yield HelpCommands(self.client.tree)

    def _accounts(self, profiles: ProfileNames) -> Iterable[commands.Cog]:
        """Of what is spent, and by whom."""
        stores, clock = self._stores, self._clock
        yield LimitCommands(stores.budgets, self._purse, profiles, clock)
        undo = Undoing(
            stores.audit,
            stores.bindings,
            stores.casts,
            stores.budgets,
            profiles,
            self._notices.wake,
            clock,
        )
        yield AuditCommand(stores.audit, undo, clock)
        yield UsageCommand(stores.usage, self._costs, clock)
