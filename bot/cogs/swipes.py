"""The buttons below a channel's newest reply."""

from typing import Any

import discord
from discord.ext import commands

from bot.answers import tell
from bot.checks import may_write
from bot.places import channel_of
from bot.steering import Steering
from bot.swipe_buttons import BUTTON
from roleplay.phrases import say
from roleplay.transcript import StoredReply


class SwipeButtons(commands.Cog):
    """They have no memory of their own, so they work after a restart."""

    def __init__(self, steering: Steering) -> None:
        self._steering = steering

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = BUTTON.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or pressed is None:
            return
        note = await self._pressed(interaction, pressed["verb"], int(pressed["turn"]))
        if note:
            await tell(interaction, note)
        else:
            await interaction.response.defer()

    async def _pressed(self, interaction: discord.Interaction[Any], verb: str, turn_id: int) -> str:
        """What is to be told, "" where the channel itself shows it."""
        if not may_write(interaction):
            return say("Only those who can write here can do that.")
        if verb == "halt":
            stopped = self._steering.turns.stop(channel_of(interaction))
            return "" if stopped else say("This reply is not being written any more.")
        reply = await self._steering.transcript.reply(turn_id)
        if reply is None or reply.channel_id != channel_of(interaction):
            return say("This is not part of the story any more.")
        if not reply.is_last:
            return say(
                "The story has gone on since. The message's own menu, under Apps, Story…, still "
                "writes it anew or goes on with it."
            )
        return await self._do(interaction, verb, reply)

    async def _do(
        self, interaction: discord.Interaction[Any], verb: str, reply: StoredReply
    ) -> str:
        steering = self._steering
        match verb:
            case "left" | "right":
                return await steering.swipe(interaction, reply, verb)
            case "again":
                return await steering.write(interaction, reply.turn_id)
            case "on":
                return await steering.write(interaction, reply.turn_id, continues=True)
            case _:
                return await steering.drop(interaction, reply)
