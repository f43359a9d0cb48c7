"""/help: what a player and what an admin can do, read from the command tree itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import is_manager, is_owner
from roleplay.phrases import say

Command = app_commands.Command[Any, Any, Any]

LONGEST = 4096
"""Discord's own limit of an embed's description, in characters."""

MOST_CHOICES = 25


class HelpCommands(commands.Cog):
    """The list is never written by hand, so it is never out of date."""

    def __init__(self, tree: app_commands.CommandTree[Any]) -> None:
        self._tree = tree

    @app_commands.command(name="help", description="What I can do here.")
    @app_commands.describe(topic="A command, to read more about it")
    async def explain(
        self, interaction: discord.Interaction[Any], topic: str | None = None
    ) -> None:
        topics = await self._topics(interaction)
        if topic is None:
            await tell(interaction, "", embed=_overview(topics))
        elif topic in topics:
            await tell(interaction, "", embed=_details(topic, topics[topic]))
        else:
            nothing = say("There is no command `/{topic}` for you here. See `/help`.", topic=topic)
            await tell(interaction, nothing)

    @explain.autocomplete("topic")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        part = typed.lower().lstrip("/")
        names = [name for name in await self._topics(interaction) if part in name]
        return [app_commands.Choice(name=f"/{name}", value=name) for name in names[:MOST_CHOICES]]

    async def _topics(self, interaction: discord.Interaction[Any]) -> dict[str, list[Command]]:
        """The commands that the one who asks may use, by the word they begin with."""
        manager, owner = await is_manager(interaction), await is_owner(interaction)
        topics: dict[str, list[Command]] = {}
        for command in self._commands():
            if (owner or not for_owners(command)) and (manager or not for_managers(command)):
                topics.setdefault((command.root_parent or command).name, []).append(command)
        return topics

    def _commands(self) -> Iterator[Command]:
        for command in sorted(self._tree.walk_commands(), key=lambda found: found.qualified_name):
            if isinstance(command, app_commands.Command):
                yield command


def _overview(topics: Mapping[str, Sequence[Command]]) -> discord.Embed:
    lines = [
        say("Write in a bound channel and the character answers. The commands:"),
        *(_line(name, found) for name, found in topics.items()),
        say("More about one of them: `/help topic`. What messages offer is in their menu, *Apps*."),
    ]
    title = say("What I can do here")
    return discord.Embed(title=title, description="\n".join(lines)[:LONGEST])


def _line(name: str, found: Sequence[Command]) -> str:
    if len(found) == 1 and found[0].qualified_name == name:
        return f"`/{name}` {found[0].description}"
    below = ", ".join(command.qualified_name.removeprefix(f"{name} ") for command in found)
    return f"`/{name}` {below}"


def _details(name: str, found: Sequence[Command]) -> discord.Embed:
    lines = [line for command in found for line in _about(command)]
    return discord.Embed(title=f"/{name}", description="\n".join(lines)[:LONGEST])


def _about(command: Command) -> Iterator[str]:
    yield f"**`/{command.qualified_name}`** {command.description}"
    for option in command.parameters:
        hint = "" if option.description == "…" else f" {option.description}"
        yield f"-# `{option.display_name}`{hint}"


def for_managers(command: Command) -> bool:
    """Hidden from others by the default permissions of itself or of its group, or by its extras."""
    top = command.root_parent or command
    return top.default_permissions is not None or bool(command.extras.get("manager"))


def for_owners(command: Command) -> bool:
    """It or its group says so in its extras."""
    return any(each.extras.get("owner") for each in (command, command.root_parent or command))
