"""/status: how the language models are doing."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import show, think
from bot.checks import is_manager
from bot.status_reader import StatusReader


class StatusCommand(commands.Cog):
    """Players see whether the profiles of their server are up; managers see all, and why."""

    def __init__(self, reader: StatusReader) -> None:
        self._reader = reader

    @app_commands.command(description="How the language models are doing.")
    @app_commands.guild_only()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        details = await is_manager(interaction)
        panel = await self._reader.read(interaction.guild_id or 0, details=details)
        await show(interaction, panel.view, panel.files())
