"""What people may do about a reply to them: take it back, or change its words."""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.checks import is_manager
from bot.sending import Sender
from bot.turns import Turns
from roleplay.conversation import Conversation
from roleplay.ownership import Authorship, Ownership
from roleplay.transcript import Transcript


class Amends:
    """For those who were answered, and for those who manage the server or its messages."""

    def __init__(
        self,
        ownership: Ownership,
        transcript: Transcript,
        conversation: Conversation,
        turns: Turns,
        sender: Sender,
    ) -> None:
        self._ownership = ownership
        self._transcript = transcript
        self._conversation = conversation
        self._turns = turns
        self._sender = sender

    async def behind(self, channel_id: int | None, discord_id: int) -> Authorship | None:
        """Of a message in this channel; None: it is no reply of ours."""
        found = await self._ownership.behind(discord_id)
        return found if found and found.channel_id == channel_id else None

    async def remove(self, reply: Authorship) -> None:
        """The whole reply, from Discord and from what the model sees."""
        turn = await self._transcript.turn(reply.turn_id)
        written = turn is not None and self._turns.withdraw(
            reply.channel_id, turn.trigger_discord_id
        )
        if not written:
            await self._conversation.unsay(reply.turn_id)

    async def reword(self, reply: Authorship, text: str) -> None:
        """Change this message of the reply; the model sees the new words.

        Raises:
            DiscordError: nothing has changed.
        """
        await self._sender.edit(reply.channel_id, reply.discord_id, text)
        await self._transcript.edit(reply.discord_id, text)


async def may_amend(interaction: discord.Interaction[Any], reply: Authorship) -> bool:
    if interaction.user.id in reply.answered or interaction.permissions.manage_messages:
        return True
    return await is_manager(interaction)


async def member_may_amend(
    client: discord.Client, member: discord.Member, reply: Authorship
) -> bool:
    """The same where there is no interaction: on a reaction."""
    if member.id in reply.answered or member.guild_permissions.manage_guild:
        return True
    channel = client.get_channel(reply.channel_id)
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread) and (
        channel.permissions_for(member).manage_messages
    ):
        return True
    return await cast("commands.Bot", client).is_owner(member)
