"""A form with one long text in it."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell, think
from bot.checks import acts
from bot.tree import explain
from roleplay.phrases import say
from roleplay.prompting.instructions import MOST_CHARACTERS

Submit = Callable[[discord.Interaction[Any], str], Awaitable[None]]

MINUTES = 60.0


class TextForm(discord.ui.Modal):
    """`before` is the text as it stands; `submit` gets the new one, without outer white space."""

    def __init__(self, title: str, before: str, submit: Submit, *, required: bool = True) -> None:
        super().__init__(title=title[:45], timeout=30 * MINUTES)
        self._submit = submit
        self._text = discord.ui.TextInput[Any](
            custom_id="text",
            style=discord.TextStyle.paragraph,
            default=before[:MOST_CHARACTERS] or None,
            required=required,
            max_length=MOST_CHARACTERS,
        )
        description = say("Macros such as {example} work here", example="{{char}}")
        self.add_item(
            discord.ui.Label(text=say("Text"), description=description, component=self._text)
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        acts(interaction)
        await think(interaction)
        await self._submit(interaction, self._text.value.strip())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))
