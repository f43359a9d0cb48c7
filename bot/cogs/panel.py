"""/panel: a status that stands in a channel and is kept true."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import require_manager
from bot.errors import DiscordError
from bot.live_panels import LivePanels
from roleplay.phrases import say


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class PanelCommands(
    commands.GroupCog, group_name="panel", group_description="A live status in a channel"
):
    def __init__(self, panels: LivePanels) -> None:
        self._panels = panels

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Post the live status here, and pin it.")
    async def here(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        try:
            pinned = await self._panels.place(
                interaction.guild_id or 0, interaction.channel_id or 0
            )
        except DiscordError as exc:
            await tell(interaction, f"⚠️ {exc} {exc.hint}".strip())
            return
        done = say("The status stands here now and is kept true.")
        unpinned = say("It is not pinned: allow me Pin Messages, or pin it yourself.")
        await tell(interaction, done if pinned else f"{done} {unpinned}")

    @app_commands.command(description="Take the live status away.")
    async def remove(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        removed = await self._panels.remove(interaction.guild_id or 0)
        gone, none = say("The live status is gone."), say("There is no live status in this server.")
        await tell(interaction, gone if removed else none)
