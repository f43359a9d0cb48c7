"""The parts of the running program that a new config reaches."""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace

from backends.pool import Pool
from bot import logs
from bot.client import Client
from bot.config.models import Config, HealthSection
from bot.ears import Ears
from bot.reloading.changes import Changes
from bot.schedule import Schedule
from bot.speaker import ChannelSpeaker
from bot.turns import Turns
from bot.voices.chosen import ChosenVoices
from roleplay.asides import Asides
from roleplay.characters.card import Card
from roleplay.errors import NoSuchProfile, StorageError
from roleplay.health import Thresholds
from roleplay.monitor import Monitor
from roleplay.scene import Character, SceneDefaults, Scenes

log = logging.getLogger(__name__)


class LiveParts:
    """A `bot.reloading.reloader.Taker`. Replies being written keep what they began with."""

    def __init__(
        self,
        config: Config,
        *,
        client: Client,
        scenes: Scenes,
        speaker: ChannelSpeaker,
        turns: Turns,
        voices: ChosenVoices,
        ears: Ears,
        pool: Pool,
        monitor: Monitor,
        schedule: Schedule,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._config = config
        self._client = client
        self._scenes = scenes
        self._speaker = speaker
        self._turns = turns
        self._voices = voices
        self._ears = ears
        self._pool = pool
        self._monitor = monitor
        self._schedule = schedule
        self._tasks = tasks
        self._unschedule: Callable[[], None] | None = None
        self._begun = False

    def use_name(self) -> None:
        """The bot is logged in, so its name is known."""
        self._scenes.defaults = self._named(self._config)

    def begin(self) -> None:
        """The monitor knows what was: probe from now on."""
        self._begun = True
        self._schedule_sweeps(self._config.health)
        if not self._config.health.enabled:
            self._tasks.create_task(self._look_at(list(self._pool.profiles)))

    def take(self, config: Config, secrets: Collection[str]) -> None:
        logs.hide(secrets)
        before, self._config = self._config, config
        self._client.owners = config.discord.owner_ids
        self._scenes.defaults = self._named(config)
        self._speaker.edit_interval = config.chat.edit_interval
        self._voices.setting = config.chat.voices
        self._ears.proxies = config.chat.proxies
        self._pool.deadline = config.chat.deadline
        if config.chat.max_concurrent != before.chat.max_concurrent:
            self._turns.allow(config.chat.max_concurrent)
        if config.health != before.health:
            self._monitor.adjust(thresholds(config.health), config.health.concurrency)
            if self._begun:
                self._schedule_sweeps(config.health)

    async def settle(self, changes: Changes) -> None:
        for name in changes.removed:
            try:
                await self._monitor.forget(name)
            except StorageError as exc:
                log.warning("%s is still known until the next start: %s", name, exc)
        if fresh := (*changes.added, *changes.changed):
            self._tasks.create_task(self._look_at(fresh))

    def _named(self, config: Config) -> SceneDefaults:
        """A character without a name of its own has the bot's."""
        found = scene_defaults(config)
        if found.character.name or not self._client.user:
            return found
        name = self._client.user.display_name
        card = replace(found.character.card, name=name)
        return replace(found, character=replace(found.character, card=card))

    def _schedule_sweeps(self, health: HealthSection) -> None:
        if self._unschedule:
            self._unschedule()
            self._unschedule = None
        if health.enabled:
            self._unschedule = self._schedule.every(health.interval, health.jitter, self._sweep)

    async def _look_at(self, names: Collection[str]) -> None:
        """Learn what new servers can do; where no profile is watched, without judging them."""
        if self._config.health.enabled:
            await self._monitor.sweep(names)
            return
        for name in names:
            with suppress(NoSuchProfile):
                await self._pool.probe(name)

    async def _sweep(self) -> None:
        await self._monitor.sweep(self._pool.profiles)


def thresholds(health: HealthSection) -> Thresholds:
    return Thresholds(health.failure_threshold, health.success_threshold)


def scene_defaults(config: Config) -> SceneDefaults:
    chat = config.chat
    card = Card(chat.character.name, system_prompt=chat.character.prompt)
    character = Character(0, card)
    asides = Asides(chat.ooc_markers)
    return SceneDefaults(config.default_profile, character, chat.mode, chat.wake_words, asides)
