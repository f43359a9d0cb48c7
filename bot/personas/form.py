"""The form in which a persona is written."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell, think
from bot.tree import explain
from roleplay.personas import Persona
from roleplay.phrases import say
from roleplay.sanitise import LONGEST_NAME

LONGEST = 4000
"""Discord's own limit of a field, in characters."""

MINUTES = 60.0

Submit = Callable[[discord.Interaction[Any], str, str], Awaitable[None]]
"""Told the name and the description."""


class PersonaForm(discord.ui.Modal):
    """Filled with a persona that is to be changed."""

    def __init__(self, submit: Submit, persona: Persona | None = None) -> None:
        super().__init__(title=say("Persona"), timeout=30 * MINUTES)
        self._submit = submit
        self._name = discord.ui.TextInput[Any](
            custom_id="name",
            default=persona.name if persona else None,
            max_length=LONGEST_NAME,
        )
        self._description = discord.ui.TextInput[Any](
            custom_id="description",
            style=discord.TextStyle.paragraph,
            default=persona.description[:LONGEST] or None if persona else None,
            required=False,
            max_length=LONGEST,
        )
        self.add_item(discord.ui.Label[Any](text=say("Name"), component=self._name))
        about = discord.ui.Label[Any](
            text=say("Description"),
            description=say("What the characters know of you, as the model reads it"),
            component=self._description,
        )
        self.add_item(about)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await think(interaction)
        await self._submit(interaction, self._name.value, self._description.value.strip())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))
