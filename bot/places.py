"""Where a command was used."""

from typing import Any

import discord


def channel_of(interaction: discord.Interaction[Any]) -> int:
    """Commands that are guild-only always come with a channel."""
    assert interaction.channel_id is not None, "guild-only"  # noqa: S101 - narrows the type
    return interaction.channel_id


def parent_of(interaction: discord.Interaction[Any]) -> int | None:
    """Of a thread; None in any other channel."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else None
