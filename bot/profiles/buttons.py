"""One button under an answer: to confirm, or to take back."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell
from bot.tree import explain
from roleplay.phrases import say

PATIENCE = 840.0
"""Seconds a button works; Discord lets the answer be changed for 15 minutes."""

Press = Callable[[], Awaitable[str]]
"""Does it and says what was done."""

Allowed = Callable[[discord.Interaction[Any]], Awaitable[bool]]


class OneButton(discord.ui.View):
    """Works once. Only the one who asked sees it; `allowed` is asked again all the same."""

    def __init__(
        self,
        label: str,
        style: discord.ButtonStyle,
        press: Press,
        allowed: Allowed,
    ) -> None:
        super().__init__(timeout=PATIENCE)
        self._press = press
        self._allowed = allowed
        button = discord.ui.Button[Any](label=label, style=style)
        button.callback = self._pressed
        self.add_item(button)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await self._allowed(interaction)

    async def _pressed(self, interaction: discord.Interaction[Any]) -> None:
        if self.is_finished():
            return
        self.stop()
        await interaction.response.defer()
        try:
            text = await self._press()
        except Exception as error:  # noqa: BLE001 - a border: `explain` logs what it does not know
            text = explain(error)
        await interaction.edit_original_response(content=text, view=None)


async def tell_undoable(
    interaction: discord.Interaction[Any], text: str, undo: Press | None, allowed: Allowed
) -> None:
    """Answer, with a button to take back what was done."""
    if undo is None:
        await tell(interaction, text)
    else:
        button = OneButton(say("Undo"), discord.ButtonStyle.secondary, undo, allowed)
        await tell(interaction, text, view=button)
