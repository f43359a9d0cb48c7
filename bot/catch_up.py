"""What was said while the bot was away, fetched when it comes back."""

import logging
from collections.abc import Iterable

import discord

from bot.ears import Ears
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.reception import Reception
from roleplay.bindings import Bindings
from roleplay.ports import Clock
from roleplay.transcript import Transcript

log = logging.getLogger(__name__)

MOST = 50
"""Messages fetched for one channel: one request."""

TOO_LATE = 900.0
"""Seconds after which nobody waits for an answer any more."""


class CatchUp:
    """Reads the bound channels, and the threads under them, from the last message known here."""

    def __init__(
        self,
        client: discord.Client,
        ears: Ears,
        reception: Reception,
        *,
        bindings: Bindings,
        transcript: Transcript,
        pacer: Pacer,
        clock: Clock,
    ) -> None:
        self._client = client
        self._ears = ears
        self._reception = reception
        self._bindings = bindings
        self._transcript = transcript
        self._pacer = pacer
        self._clock = clock

    async def run(self) -> None:
        """A channel that cannot be read is left out: its people will write again."""
        for binding in await self._bindings.channels():
            for channel in self._with_threads(binding.channel_id):
                try:
                    await self._read(channel)
                except (discord.HTTPException, OSError) as error:
                    log.warning("Channel %d was not caught up: %s", channel.id, error)

    def _with_threads(
        self, channel_id: int
    ) -> Iterable[discord.TextChannel | discord.VoiceChannel | discord.Thread]:
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.Thread):
            yield channel
        if isinstance(channel, discord.TextChannel | discord.ForumChannel):
            yield from channel.threads

    async def _read(
        self, channel: discord.TextChannel | discord.VoiceChannel | discord.Thread
    ) -> None:
        newest = await self._transcript.newest(channel.id)
        if newest is None or (channel.last_message_id or 0) <= newest:
            return

        async def fetch() -> list[discord.Message]:
            after = discord.Object(newest)
            return [
                message
                async for message in channel.history(limit=MOST, after=after, oldest_first=False)
            ]

        for message in reversed(await self._pacer.call(Priority.NOTICE, channel.id, fetch)):
            if heard := self._ears.hear(message):
                late = self._clock.now() - heard.created_at > TOO_LATE
                await self._reception.accept(heard, late=late)
