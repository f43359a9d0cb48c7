"""/greet: the words a character begins with."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.casting.choices import CastNames
from bot.casting.desk import CastDesk
from bot.checks import may_write
from bot.cogs.cast import NAME, place_of
from bot.greeter import Greeter
from roleplay.phrases import say

NUMBER = app_commands.Range[int, 1, 99]


class GreetCommand(commands.Cog):
    """The other greetings of the card are the swipes of the one that is said."""

    def __init__(self, greeter: Greeter, desk: CastDesk, names: CastNames) -> None:
        self._greeter = greeter
        self._desk = desk
        self._names = names

    @app_commands.command(description="Let a character say the greeting on its card.")
    @app_commands.describe(
        number="Which one, if the card has several", character="Empty: the channel's first"
    )
    @app_commands.guild_only()
    async def greet(
        self,
        interaction: discord.Interaction[Any],
        number: NUMBER = 1,
        character: NAME | None = None,
    ) -> None:
        if not may_write(interaction):
            await tell(interaction, say("Only those who can write here can do that."))
            return
        chosen = await self._desk.character(place_of(interaction), character) if character else None
        character_id = chosen.id if chosen else None
        told = await self._greeter.greet(interaction, number=number, character_id=character_id)
        await tell(interaction, told)

    @greet.autocomplete("character")
    async def _usable(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._names.usable(place_of(interaction), typed)
