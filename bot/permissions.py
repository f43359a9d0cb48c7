"""What Discord must allow the bot in a channel, told before it is missed."""

from typing import Any

import discord

from roleplay.phrases import say

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
    "embed_links": "Embed Links",
    "manage_webhooks": "Manage Webhooks",
}


def missing(permissions: discord.Permissions, *, thread: bool) -> list[str]:
    """The names, as Discord shows them, of what is not allowed."""
    needed = dict(NEEDED)
    if thread:
        del needed["send_messages"]
        needed["send_messages_in_threads"] = "Send Messages in Threads"
    return [shown for name, shown in needed.items() if not getattr(permissions, name)]


def missing_here(interaction: discord.Interaction[Any]) -> list[str]:
    """A line to show when the channel of a command lacks something; empty when all is well."""
    names = missing(
        interaction.app_permissions, thread=isinstance(interaction.channel, discord.Thread)
    )
    if not names:
        return []
    return [say("⚠️ In this channel I still need: {names}.", names=", ".join(names))]
