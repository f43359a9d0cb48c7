"""The form in which a character is written, and a card changed by what was written."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.answers import tell, think
from bot.checks import acts
from bot.tree import explain
from roleplay.characters.card import Card
from roleplay.phrases import say

Submit = Callable[[discord.Interaction[Any], dict[str, str]], Awaitable[None]]
"""Told the fields of the card that were in the form, by their names in the card."""

LONGEST = 4000
"""Discord's own limit of a field, in characters."""

MINUTES = 60.0

BOTH = "personality and scenario"

SCENARIO = re.compile(r"^scenario:[ \t]*$", re.IGNORECASE | re.MULTILINE)
"""The line between the two halves of a field that holds personality and scenario."""

LABELS: Mapping[str, tuple[str, str]] = {
    "name": ("Name", ""),
    "description": ("Description", "Who {{char}} is, as the model reads it"),
    BOTH: ("Personality, scenario", "A line “Scenario:” begins the scenario"),
    "first_mes": ("First message", "How a story begins"),
    "mes_example": ("Examples", "How {{char}} talks: <START>, then lines {{user}}: and {{char}}:"),
}


def fields_of(card: Card) -> dict[str, str]:
    """What the form begins with; a text that is too long for a form is left out."""
    both = (
        f"{card.personality}\n\nScenario:\n{card.scenario}" if card.scenario else card.personality
    )
    found = {
        "name": card.name,
        "description": card.description,
        BOTH: both,
        "first_mes": card.first_mes,
        "mes_example": card.mes_example,
    }
    return {key: text for key, text in found.items() if len(text) <= LONGEST}


def changes_of(written: Mapping[str, str]) -> dict[str, str]:
    """What was written, by the card's own fields."""
    found = {key: text.strip() for key, text in written.items() if key != BOTH}
    if BOTH in written:
        personality, *scenario = SCENARIO.split(written[BOTH], maxsplit=1)
        found["personality"] = personality.strip()
        found["scenario"] = scenario[0].strip() if scenario else ""
    return found


class CharacterForm(discord.ui.Modal):
    """`fields` are those of `fields_of`; what is not among them cannot be changed here."""

    def __init__(self, title: str, fields: Mapping[str, str], submit: Submit) -> None:
        super().__init__(title=title[:45], timeout=30 * MINUTES)
        self._submit = submit
        self._fields = {key: _field(self, key, text) for key, text in fields.items()}

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        acts(interaction)
        await think(interaction)
        written = {key: field.value for key, field in self._fields.items()}
        await self._submit(interaction, changes_of(written))

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))


def _field(form: discord.ui.Modal, key: str, text: str) -> discord.ui.TextInput[Any]:
    label, description = LABELS[key]
    name = key == "name"
    field = discord.ui.TextInput[Any](
        custom_id=key,
        style=discord.TextStyle.short if name else discord.TextStyle.paragraph,
        default=text or None,
        required=name,
        max_length=100 if name else LONGEST,
    )
    form.add_item(
        discord.ui.Label(
            text=say(label), description=say(description) if description else None, component=field
        )
    )
    return field
