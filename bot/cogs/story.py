"""/continue and /undo: the last exchange of a channel."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.amends import Amends, may_amend
from bot.answers import tell, think
from bot.checks import may_write
from bot.errors import DiscordError
from bot.places import channel_of
from bot.sending import Sender
from bot.steering import Steering
from roleplay.phrases import say


class StoryCommands(commands.Cog):
    """For those who write commands rather than press buttons."""

    def __init__(self, steering: Steering, amends: Amends, sender: Sender) -> None:
        self._steering = steering
        self._amends = amends
        self._sender = sender

    @app_commands.command(name="continue", description="Go on with the last reply.")
    @app_commands.guild_only()
    async def go_on(self, interaction: discord.Interaction[Any]) -> None:
        reply = await self._steering.transcript.last_reply(channel_of(interaction))
        if reply is None:
            await tell(interaction, say("There is no reply to go on with."))
        elif not may_write(interaction):
            await tell(interaction, say("Only those who can write here can do that."))
        else:
            note = await self._steering.write(interaction, reply.turn_id, continues=True)
            await tell(interaction, note or say("Going on."))

    @app_commands.command(description="Take the last reply back, as if it had never been said.")
    @app_commands.describe(mine="Also the messages that it answers")
    @app_commands.guild_only()
    async def undo(self, interaction: discord.Interaction[Any], mine: bool = False) -> None:  # noqa: FBT001, FBT002 - an option
        transcript = self._steering.transcript
        last = await transcript.last_reply(channel_of(interaction))
        turn = await transcript.turn(last.turn_id) if last else None
        posted = turn.posted[-1] if turn and turn.posted else 0
        reply = await self._amends.behind(interaction.channel_id, posted)
        if last is None or reply is None:
            await tell(interaction, say("There is no reply to take back."))
        elif not await may_amend(interaction, reply):
            await tell(interaction, say("Only those whom it answers, or a moderator, may do that."))
        else:
            await think(interaction)
            asked = await transcript.asked_by(last.turn_id) if mine else []
            await self._amends.remove(reply)
            await tell(interaction, await self._forget(channel_of(interaction), asked))

    async def _forget(self, channel_id: int, asked: list[int]) -> str:
        """From the story always; from Discord where the bot may."""
        if not asked:
            return say("Taken back.")
        await self._steering.transcript.delete(asked)
        try:
            for discord_id in asked:
                await self._sender.delete(channel_id, discord_id)
        except DiscordError:
            return say(
                "Taken back. The messages are out of the story but still stand here: to delete "
                "them, I need the permission Manage Messages."
            )
        return say("Taken back.")
