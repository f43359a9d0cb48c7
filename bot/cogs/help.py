"""/help: what a player and what an admin can do, read from the command tree itself."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import is_manager, is_owner
from roleplay.phrases import say


class HelpCommands(commands.Cog):
    """The list is never written by hand, so it is never out of date."""

    def __init__(self, tree: app_commands.CommandTree[Any]) -> None:
        self._tree = tree

    @app_commands.command(description="What I can do here.")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        manager, owner = await is_manager(interaction), await is_owner(interaction)
        lines = [
            f"`/{command.qualified_name}` {command.description}"
            for command in self._commands()
            if (owner or not for_owners(command)) and (manager or not for_managers(command))
        ]
        start = say("Write in a bound channel and the character answers. The commands:")
        await tell(interaction, "\n".join([start, *lines])[:2000])

    def _commands(self) -> Iterator[app_commands.Command[Any, Any, Any]]:
        for command in sorted(self._tree.walk_commands(), key=lambda found: found.qualified_name):
            if isinstance(command, app_commands.Command):
                yield command


def for_managers(command: app_commands.Command[Any, Any, Any]) -> bool:
    """Hidden from others by the default permissions of itself or of its group, or by its extras."""
    top = command.root_parent or command
    return top.default_permissions is not None or bool(command.extras.get("manager"))


def for_owners(command: app_commands.Command[Any, Any, Any]) -> bool:
    """It or its group says so in its extras."""
    return any(each.extras.get("owner") for each in (command, command.root_parent or command))
