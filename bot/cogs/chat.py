"""What people write, edit and delete in Discord, handed to the conversation."""

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.inbox import Inbox
from bot.text import to_incoming
from bot.turns import Turns
from roleplay.conversation import Conversation
from roleplay.transcript import IncomingMessage, Transcript

if TYPE_CHECKING:
    from bot.client import Client

SPEECH = {discord.MessageType.default, discord.MessageType.reply}


class ChatCog(commands.Cog):
    """Listeners only hand over: the inbox keeps their order."""

    def __init__(
        self,
        client: "Client",
        *,
        inbox: Inbox,
        conversation: Conversation,
        transcript: Transcript,
        turns: Turns,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._conversation = conversation
        self._transcript = transcript
        self._turns = turns

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if self._is_speech(message):
            self._inbox.put(partial(self._accept, self._plain(message)))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        if self._is_speech(event.message):
            text = self._plain(event.message).text
            self._inbox.put(partial(self._edit, event.message_id, text))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._inbox.put(partial(self._delete, event.channel_id, [event.message_id]))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self._inbox.put(partial(self._delete, event.channel_id, sorted(event.message_ids)))

    async def _accept(self, message: IncomingMessage) -> None:
        turn = await self._conversation.accept(message)
        if turn:
            self._turns.wake(turn, message.parent_channel_id)

    async def _edit(self, discord_id: int, text: str) -> None:
        await self._transcript.edit(discord_id, text)

    async def _delete(self, channel_id: int, discord_ids: list[int]) -> None:
        await self._transcript.delete(discord_ids)
        self._turns.trigger_deleted(channel_id, discord_ids)

    def _is_speech(self, message: discord.Message) -> bool:
        """Said by a person, in a server: no bot is answered, so no two bots can talk on and on."""
        return (
            message.guild is not None
            and not message.author.bot
            and message.webhook_id is None
            and message.type in SPEECH
        )

    def _plain(self, message: discord.Message) -> IncomingMessage:
        assert self._client.user is not None, "messages arrive after the login"  # noqa: S101 - narrows
        return to_incoming(message, self._client.user)
