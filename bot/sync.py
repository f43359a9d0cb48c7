"""Register the slash commands with Discord only when they changed: it allows 200 creates a day."""

import hashlib
import json
import logging
from typing import Any, Protocol

import discord
from discord import app_commands

log = logging.getLogger(__name__)

SETTING = "commands.synced"


class Memory(Protocol):
    """Where the last synced state is remembered."""

    async def get(self, key: str, /) -> Any: ...

    async def set(self, key: str, value: Any, /) -> None: ...


async def sync_when_changed(
    tree: app_commands.CommandTree[Any], memory: Memory, *, guild: discord.abc.Snowflake | None
) -> bool:
    """True when the commands were sent. With `guild` they are sent to that server alone."""
    state = f"{tree.client.application_id}:{guild.id if guild else 'global'}:{_digest(tree)}"
    if await memory.get(SETTING) == state:
        return False
    if guild:
        tree.copy_global_to(guild=guild)
    sent = await tree.sync(guild=guild)
    await memory.set(SETTING, state)
    log.info("Registered %d slash commands", len(sent))
    return True


def _digest(tree: app_commands.CommandTree[Any]) -> str:
    commands = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
