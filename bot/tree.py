"""The command tree: what a person reads when a command cannot be carried out."""

import logging
import secrets
from typing import Any

import discord
from discord import app_commands

from bot.answers import tell
from roleplay.audit import ACTOR
from roleplay.errors import RoleForgeError
from roleplay.phrases import say

log = logging.getLogger(__name__)

LONGEST = 2000
"""Discord's own limit of a message, in characters."""


class Tree(app_commands.CommandTree[Any]):
    """No command ends in silence, and each is somebody's."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        ACTOR.set(interaction.user.id)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        try:
            await tell(interaction, explain(error))
        except discord.HTTPException as unsaid:
            log.warning("A command's error could not be told: %s", unsaid)


def explain(error: Exception) -> str:
    """What went wrong and what to do; an unexpected error is logged under the number it names."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, RoleForgeError):
        return f"{cause}\n{cause.hint}".strip()[:LONGEST]
    if isinstance(cause, app_commands.CheckFailure):
        return str(cause) or say("You may not use this command here.")
    if isinstance(cause, discord.Forbidden):
        return say("Discord does not let me do that: a permission is missing in this channel.")
    number = secrets.token_hex(4)
    log.error("Command error %s", number, exc_info=cause)
    return say("Something went wrong on my side. The log has it under {number}.", number=number)
