"""The parts of the running program that a new config reaches."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace

from backends.pool import Pool
from bot import logs
from bot.client import Client
from bot.config.models import Config
from bot.ears import Ears
from bot.reloading.changes import Changes
from bot.speaker import ChannelSpeaker
from bot.telling import Telling
from bot.turns import Turns
from bot.voices.chosen import ChosenVoices
from bot.watching import Watching
from roleplay.asides import Asides
from roleplay.characters.card import Card
from roleplay.errors import StorageError
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
        watching: Watching,
        telling: Telling,
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
        self._watching = watching
        self._telling = telling
        self._tasks = tasks
        self._begun = False

    def use_name(self) -> None:
        """The bot is logged in, so its name is known."""
        self._scenes.defaults = self._named(self._config)

    def begin(self) -> None:
        """The monitor knows what was: probe from now on."""
        self._begun = True
        self._watching.begin()
        if not self._config.health.enabled:
            self._tasks.create_task(self._watching.look_at(list(self._pool.profiles)))

    def take(self, config: Config, secrets: Collection[str]) -> None:
        logs.hide(secrets)
        before, self._config = self._config, config
        self._client.owners = config.discord.owner_ids
        self._telling.health = config.health
        self._scenes.defaults = self._named(config)
        self._speaker.edit_interval = config.chat.edit_interval
        self._speaker.buttons = config.chat.buttons
        self._voices.setting = config.chat.voices
        self._ears.proxies = config.chat.proxies
        self._pool.deadline = config.chat.deadline
        if config.chat.max_concurrent != before.chat.max_concurrent:
            self._turns.allow(config.chat.max_concurrent)
        if config.health != before.health:
            self._watching.adjust(config.health)
            if self._begun:
                self._watching.begin()

    async def settle(self, changes: Changes) -> None:
        for name in changes.removed:
            try:
                await self._watching.monitor.forget(name)
            except StorageError as exc:
                log.warning("%s is still known until the next start: %s", name, exc)
        if fresh := (*changes.added, *changes.changed):
            self._tasks.create_task(self._watching.look_at(fresh))

    def _named(self, config: Config) -> SceneDefaults:
        """A character without a name of its own has the bot's."""
        found = scene_defaults(config)
        if found.character.name or not self._client.user:
            return found
        name = self._client.user.display_name
        card = replace(found.character.card, name=name)
        return replace(found, character=replace(found.character, card=card))


def scene_defaults(config: Config) -> SceneDefaults:
    chat = config.chat
    card = Card(chat.character.name, system_prompt=chat.character.prompt)
    character = Character(0, card)
    asides = Asides(chat.ooc_markers)
    return SceneDefaults(
        config.default_profile, character, chat.mode, chat.wake_words, asides, chat.when_down
    )
