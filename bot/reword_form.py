"""The form in which a reply is reworded."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell, think
from bot.split import LIMIT
from bot.tree import explain
from roleplay.phrases import say

MINUTES = 60.0


class RewordForm(discord.ui.Modal):
    """Filled with what stands there; `submit` is given what it became."""

    def __init__(
        self, text: str, submit: Callable[[discord.Interaction[Any], str], Awaitable[None]]
    ) -> None:
        super().__init__(title=say("Edit reply"), timeout=30 * MINUTES)
        self._submit = submit
        self._field = discord.ui.TextInput[Any](
            custom_id="text",
            style=discord.TextStyle.paragraph,
            default=text[:LIMIT],
            max_length=LIMIT,
        )
        label = discord.ui.Label[Any](text=say("What was said"), component=self._field)
        self.add_item(label)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await think(interaction)
        await self._submit(interaction, self._field.value.strip())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))
