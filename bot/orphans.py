"""Messages that Discord took and a crash kept us from noting."""

import discord

from bot.pacer import Pacer
from bot.pacing import Priority
from bot.turn_buttons import has_buttons
from bot.voices.hooks import Hooks
from bot.voices.speech import WebhookSpeech
from roleplay.transcript import Transcript, Turn
from roleplay.voices import Said

LOOK_BACK = 10
"""Messages after the trigger that are looked at: the crash came within milliseconds."""


class Orphans:
    """Finds the parts of a cut-off reply that stand in the channel and nowhere else."""

    def __init__(
        self,
        client: discord.Client,
        pacer: Pacer,
        transcript: Transcript,
        hooks: Hooks,
        speech: WebhookSpeech,
    ) -> None:
        self._client = client
        self._pacer = pacer
        self._transcript = transcript
        self._hooks = hooks
        self._speech = speech

    async def of(self, turn: Turn) -> list[int]:
        """Discord ids, oldest first.

        Raises:
            discord.HTTPException: the channel cannot be read.
        """
        channel = self._client.get_partial_messageable(turn.channel_id, guild_id=turn.guild_id)
        after = discord.Object(turn.trigger_discord_id)

        async def fetch() -> list[discord.Message]:
            history = channel.history(limit=LOOK_BACK, after=after, oldest_first=True)
            return [message async for message in history if self._is_speech(message)]

        found = await self._pacer.call(Priority.NOTICE, turn.channel_id, fetch)
        known = await self._transcript.knows([message.id for message in found])
        lost = [message for message in found if message.id not in known]
        for message in lost:
            if message.webhook_id:
                await self._speech.note(Said(message.id, turn.guild_id, message.webhook_id))
        return [message.id for message in lost]

    def _is_speech(self, message: discord.Message) -> bool:
        """Ours, and neither a notice nor a line about a reply that failed."""
        by_bot = self._client.user is not None and message.author.id == self._client.user.id
        ours = by_bot or self._hooks.is_ours(message.webhook_id)
        return ours and not message.embeds and not has_buttons(message)
