"""How it reads who uses a profile."""

from collections.abc import Iterator

import discord

from roleplay.phrases import say
from roleplay.profile_use import ProfileUse

LONGEST = 1800
"""Characters, so that a line may follow in the same message."""


def use_text(name: str, use: ProfileUse, client: discord.Client) -> str:
    if not use:
        return say("Nobody uses “{name}”.", name=name)
    text = "\n".join([say("“{name}” is used by:", name=name), *_lines(use, client)])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _lines(use: ProfileUse, client: discord.Client) -> Iterator[str]:
    if use.default:
        yield say("- everybody who chose nothing: it is defaultProfile in config.json")
    for guild_id in sorted({*use.channels, *use.servers}):
        channels = use.channels.get(guild_id, ())
        uses = [say("its default")] if guild_id in use.servers else []
        uses += [f"<#{channel_id}>" for channel_id in channels]
        yield say("- {server}: {uses}", server=_server(guild_id, client), uses=", ".join(uses))
    if use.fallback_of:
        names = ", ".join(use.fallback_of)
        yield say("- as a fallback: {names}", names=names)


def _server(guild_id: int, client: discord.Client) -> str:
    guild = client.get_guild(guild_id)
    return discord.utils.escape_markdown(guild.name) if guild else str(guild_id)
