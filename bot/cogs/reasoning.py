"""/reasoning: what the model thought before its last reply."""

from io import BytesIO
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.places import channel_of
from roleplay.phrases import say
from roleplay.transcript import Transcript

FITS = 1900
"""Characters shown as a message; more comes as a file."""


class ReasoningCommand(commands.Cog):
    """Reasoning is never part of the speech; who asks sees it alone."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    @app_commands.command(description="What the model thought before its last reply here.")
    @app_commands.guild_only()
    async def reasoning(self, interaction: discord.Interaction[Any]) -> None:
        text = await self._transcript.last_reasoning(channel_of(interaction))
        if not text:
            await tell(interaction, say("The last reply here came without reasoning."))
        elif len(text) <= FITS:
            await tell(interaction, discord.utils.escape_markdown(text)[:2000])
        else:
            file = discord.File(BytesIO(text.encode()), "reasoning.txt")
            await tell(interaction, "", file=file)
