"""Who may use a command. Discord's own command permissions can be widened, so code checks again."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import discord
from discord import app_commands
from discord.ext import commands

from roleplay.audit import ACTOR
from roleplay.phrases import say

T = TypeVar("T")


class ManagersOnly(app_commands.CheckFailure):
    """`str` is for the one who asked."""


class OwnersOnly(app_commands.CheckFailure):
    """`str` is for the one who asked."""


def acts(interaction: discord.Interaction[Any]) -> None:
    """From now on this task works for the one who asks: the audit names them."""
    ACTOR.set(interaction.user.id)


async def is_owner(interaction: discord.Interaction[Any]) -> bool:
    """Owns the bot: by the Developer Portal, or by `discord.ownerIds`."""
    acts(interaction)
    return await cast("commands.Bot", interaction.client).is_owner(interaction.user)


async def require_owner(interaction: discord.Interaction[Any]) -> bool:
    """For a cog's `interaction_check`.

    Raises:
        OwnersOnly: the command must not run.
    """
    if not await is_owner(interaction):
        raise OwnersOnly(say("This is for the bot's owner alone."))
    return True


async def is_manager(interaction: discord.Interaction[Any]) -> bool:
    """May manage this server, or owns the bot."""
    acts(interaction)
    if interaction.guild_id is not None and interaction.permissions.manage_guild:
        return True
    return await is_owner(interaction)


async def require_manager(interaction: discord.Interaction[Any]) -> bool:
    """For a cog's `interaction_check`.

    Raises:
        ManagersOnly: the command must not run.
    """
    if not await is_manager(interaction):
        raise ManagersOnly(say("This needs the permission Manage Server."))
    return True


def manager_only() -> Callable[[T], T]:
    """The same for one command."""
    return app_commands.check(require_manager)


def owner_only() -> Callable[[T], T]:
    """The same for one command of the bot's owner."""
    return app_commands.check(require_owner)


def may_write(interaction: discord.Interaction[Any]) -> bool:
    """Whether the one who asks may write where they ask: who shares a scene may steer it."""
    allowed = interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages
