"""The button at the top of a scene by which people choose who they are there."""

from typing import Any

import discord
from discord.ext import commands

from bot.answers import tell
from bot.personas.desk import OWN_NAME, PersonaDesk
from bot.places import channel_of, parent_of
from bot.scenes.opening import CHOOSE
from bot.tree import explain
from roleplay.personas import Persona
from roleplay.phrases import say

WEAR = "persona:wear"
"""The select's id. Like the button it has no memory of its own, so both outlast a restart."""

MOST_OPTIONS = 25
"""Discord's own limit of a select."""


class PersonaButtons(commands.Cog):
    """What anyone chooses is theirs alone: only they see the personas that they have."""

    def __init__(self, desk: PersonaDesk) -> None:
        self._desk = desk

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = data.get("custom_id")
        if interaction.type is not discord.InteractionType.component:
            return
        try:
            if pressed == CHOOSE:
                await self._offer(interaction)
            elif pressed == WEAR:
                await self._wear(interaction, str(next(iter(data.get("values") or ()), OWN_NAME)))
        except Exception as error:  # noqa: BLE001 - a border: `explain` logs what it does not know
            await tell(interaction, explain(error))

    async def _offer(self, interaction: discord.Interaction[Any]) -> None:
        personas = await self._desk.all(interaction.user.id)
        if not personas:
            await tell(
                interaction,
                say("You have no personas yet. Make one with /persona create, then press again."),
            )
            return
        worn = await self._desk.worn(
            interaction.user.id, channel_of(interaction), parent_of(interaction)
        )
        left_out = len(personas) >= MOST_OPTIONS
        more = " " + say("/persona use has the others.") if left_out else ""
        text = say("Who are you in this scene?") + more
        await tell(interaction, text, view=_select(personas[: MOST_OPTIONS - 1], worn))

    async def _wear(self, interaction: discord.Interaction[Any], name: str) -> None:
        told = await self._desk.use(
            interaction.user.id, channel_of(interaction), interaction.guild_id, name
        )
        await interaction.response.edit_message(content=told, view=None)


def _select(personas: tuple[Persona, ...], worn: Persona | None) -> discord.ui.View:
    options = [
        discord.SelectOption(
            label=one.name[:100],
            value=one.name[:100],
            description=" ".join(one.description.split())[:100] or None,
            default=worn is not None and one.id == worn.id,
        )
        for one in personas
    ]
    own = discord.SelectOption(label=say("My own name"), value=OWN_NAME, default=worn is None)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Select[Any](custom_id=WEAR, options=[own, *options]))
    view.stop()
    return view
