"""/cast: several characters in one channel, and the rules between them."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.casting.choices import CastNames
from bot.casting.desk import CastDesk, Place
from bot.checks import require_manager
from bot.cogs.turns import channel_of, parent_of
from roleplay.casting.cast import MOST_AUTO_TURNS, MOST_SEATS, JoinMode, TurnOrder

NAME = app_commands.Range[str, 1, 100]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class CastCommands(
    commands.GroupCog, group_name="cast", group_description="Several characters in one channel"
):
    """Each change answers with the cast as it then is."""

    def __init__(self, desk: CastDesk, names: CastNames) -> None:
        self._desk = desk
        self._names = names

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(name="list", description="Who is in this channel, and by which rules.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        await tell(interaction, await self._desk.show(place_of(interaction)))

    @app_commands.command(description="Bring a character into this channel.")
    async def add(self, interaction: discord.Interaction[Any], character: NAME) -> None:
        await tell(interaction, await self._desk.add(place_of(interaction), character))

    @app_commands.command(description="Take a character out of this channel. It is not deleted.")
    async def remove(self, interaction: discord.Interaction[Any], character: NAME) -> None:
        await tell(interaction, await self._desk.remove(place_of(interaction), character))

    @app_commands.command(description="Move a character to another place in the order.")
    async def move(
        self,
        interaction: discord.Interaction[Any],
        character: NAME,
        place: app_commands.Range[int, 1, MOST_SEATS],
    ) -> None:
        await tell(interaction, await self._desk.move(place_of(interaction), character, place))

    @app_commands.command(description="Choose who answers a message, and in which order.")
    @app_commands.describe(
        order="natural: who is named, then by talkativeness. list: all. pooled: one. manual: none",
        self_responses="Whether a character may go on after its own message",
    )
    async def order(
        self,
        interaction: discord.Interaction[Any],
        order: TurnOrder,
        self_responses: bool | None = None,  # noqa: FBT001 - a command's option
    ) -> None:
        told = await self._desk.set_order(place_of(interaction), order, self_responses)
        await tell(interaction, told)

    @app_commands.command(description="Let a character stay silent until it is unmuted.")
    async def mute(self, interaction: discord.Interaction[Any], character: NAME) -> None:
        await tell(interaction, await self._desk.mute(place_of(interaction), character, mute=True))

    @app_commands.command(description="Let a muted character speak again.")
    async def unmute(self, interaction: discord.Interaction[Any], character: NAME) -> None:
        await tell(interaction, await self._desk.mute(place_of(interaction), character, mute=False))

    @app_commands.command(description="How often a character speaks without being named.")
    @app_commands.describe(percent="Of messages, 0 to 100; empty: as its card says")
    async def talkativeness(
        self,
        interaction: discord.Interaction[Any],
        character: NAME,
        percent: app_commands.Range[int, 0, 100] | None = None,
    ) -> None:
        at = place_of(interaction)
        await tell(interaction, await self._desk.set_talkativeness(at, character, percent))

    @app_commands.command(name="join-mode", description="Whose cards the model is shown.")
    @app_commands.describe(mode="swap: the speaker's alone. join: the cards of all")
    async def join_mode(self, interaction: discord.Interaction[Any], mode: JoinMode) -> None:
        await tell(interaction, await self._desk.set_join_mode(place_of(interaction), mode))

    @app_commands.command(description="How often characters go on among themselves.")
    @app_commands.describe(turns="Further turns after a message was answered; 0: none")
    async def auto(
        self,
        interaction: discord.Interaction[Any],
        turns: app_commands.Range[int, 0, MOST_AUTO_TURNS],
    ) -> None:
        await tell(interaction, await self._desk.set_auto_turns(place_of(interaction), turns))

    @app_commands.command(description="Back to one character. Nothing is deleted.")
    async def clear(self, interaction: discord.Interaction[Any]) -> None:
        await tell(interaction, await self._desk.clear(place_of(interaction)))

    @add.autocomplete("character")
    async def _usable(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._names.usable(place_of(interaction), typed)

    @remove.autocomplete("character")
    @move.autocomplete("character")
    @mute.autocomplete("character")
    @unmute.autocomplete("character")
    @talkativeness.autocomplete("character")
    async def _here(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._names.here(place_of(interaction), typed)


def place_of(interaction: discord.Interaction[Any]) -> Place:
    assert interaction.guild_id is not None, "guild-only"  # noqa: S101 - narrows the type
    return Place(channel_of(interaction), parent_of(interaction), interaction.guild_id)
