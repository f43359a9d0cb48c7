"""Answers to commands: seen by the one who asked, and pinging nobody."""

from collections.abc import Sequence
from typing import Any

import discord


async def think(interaction: discord.Interaction[Any]) -> None:
    """Promise an answer: Discord waits three seconds for a first sign, then fifteen minutes."""
    await interaction.response.defer(ephemeral=True, thinking=True)


async def tell(interaction: discord.Interaction[Any], text: str, **more: Any) -> None:
    """Answer now, or fill the promised answer."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, **more)
    else:
        await interaction.response.send_message(text, ephemeral=True, **more)


async def show(
    interaction: discord.Interaction[Any],
    view: discord.ui.LayoutView,
    files: Sequence[discord.File] = (),
) -> None:
    """The same with a panel of components, which takes the place of any text."""
    if interaction.response.is_done():
        await interaction.followup.send(view=view, files=files, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, files=files, ephemeral=True)
