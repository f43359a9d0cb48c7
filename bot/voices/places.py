"""Which channel's webhook speaks in a channel or thread."""

from dataclasses import dataclass

import discord


@dataclass(frozen=True, slots=True)
class Place:
    """`channel_id` is the parent of the thread `thread_id`, or the channel itself."""

    channel_id: int
    guild_id: int
    thread_id: int | None = None
    allowed: bool = True
    """As far as is known, the bot may manage webhooks there."""


async def place_of(client: discord.Client, channel_id: int) -> Place | None:
    """None where webhooks cannot speak: a direct message.

    Raises:
        discord.HTTPException: a channel that is not known, and cannot be asked for.
    """
    channel = client.get_channel(channel_id) or await client.fetch_channel(channel_id)
    if isinstance(channel, discord.Thread):
        return Place(
            channel.parent_id,
            channel.guild.id,
            channel.id,
            channel.parent is None or _may(client, channel.parent),
        )
    if isinstance(channel, discord.abc.GuildChannel):
        return Place(channel.id, channel.guild.id, None, _may(client, channel))
    return None


def _may(client: discord.Client, channel: discord.abc.GuildChannel) -> bool:
    """discord.py knows the bot's own member once the gateway has told of the server."""
    me = channel.guild.get_member(client.user.id) if client.user else None
    return me is None or channel.permissions_for(me).manage_webhooks
