"""What characters speak through, put together once."""

import asyncio

import discord

from bot.delivery import Delivery
from bot.pacer import Pacer
from bot.sending import Sender
from bot.voices.chosen import ChosenVoices, VoiceSetting
from bot.voices.hooks import Hooks
from bot.voices.shelf import EmojiShelf
from bot.voices.speech import WebhookSpeech
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.open import Stores


class Voicing:
    """`load` it before anybody speaks."""

    def __init__(
        self,
        client: discord.Client,
        pacer: Pacer,
        stores: Stores,
        *,
        setting: VoiceSetting,
        tasks: asyncio.TaskGroup,
        clock: Clock,
    ) -> None:
        self.delivery = Delivery(client, pacer, clock)
        self.hooks = Hooks(client, self.delivery, stores.voices, clock)
        self.speech = WebhookSpeech(client, self.delivery, self.hooks, stores.voices)
        self.shelf = EmojiShelf(client, self.delivery, stores.avatars, tasks, clock)
        self.voices = ChosenVoices(setting, self.shelf)
        self.sender = Sender(client, pacer, clock, self.speech)

    async def load(self) -> None:
        """Raises `StorageError`."""
        await self.hooks.load()

    async def sweep(self) -> None:
        """Put away what belongs to nobody any more."""
        await self.shelf.sweep()

    def troubles(self, channel_id: int) -> list[str]:
        """What managers are told of a channel's voices; a thread is asked for by its parent."""
        hook, pictures = self.hooks.trouble(channel_id), self.shelf.trouble
        found = [say("⚠️ Characters speak as the bot here: {why}", why=hook)] if hook else []
        return found + ([say("⚠️ No avatars just now: {why}", why=pictures)] if pictures else [])
