"""What people write, edit and delete in Discord, handed to the conversation."""

from functools import partial

import discord
from discord.ext import commands

from bot.catch_up import CatchUp
from bot.ears import Ears
from bot.inbox import Inbox
from bot.reception import Reception
from bot.turns import Turns
from roleplay.transcript import Transcript


class ChatCog(commands.Cog):
    """Listeners only hand over: the inbox keeps their order."""

    def __init__(
        self,
        ears: Ears,
        catch_up: CatchUp,
        *,
        inbox: Inbox,
        reception: Reception,
        transcript: Transcript,
        turns: Turns,
    ) -> None:
        self._ears = ears
        self._catch_up = catch_up
        self._inbox = inbox
        self._reception = reception
        self._transcript = transcript
        self._turns = turns

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if heard := self._ears.hear(message):
            self._inbox.put(partial(self._reception.accept, heard))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        if heard := self._ears.hear(event.message):
            self._inbox.put(partial(self._reception.edit, heard))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self._inbox.put(partial(self._delete, event.channel_id, [event.message_id]))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self._inbox.put(partial(self._delete, event.channel_id, sorted(event.message_ids)))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord forgot the session: what was said since then comes with no event."""
        self._inbox.put(self._catch_up.run)

    async def _delete(self, channel_id: int, discord_ids: list[int]) -> None:
        await self._transcript.delete(discord_ids)
        self._turns.trigger_deleted(channel_id, discord_ids)
