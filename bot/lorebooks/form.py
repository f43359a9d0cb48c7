"""The form in which an entry of a lorebook is written."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell, think
from bot.checks import acts
from bot.lorebooks.fields import LONGEST, Fields
from bot.tree import explain
from roleplay.phrases import say

Submit = Callable[[discord.Interaction[Any], Fields], Awaitable[None]]

MINUTES = 60.0


class EntryForm(discord.ui.Modal):
    """Five fields, which is Discord's own limit; four where the text is too long for one."""

    def __init__(self, title: str, fields: Fields, submit: Submit) -> None:
        super().__init__(title=title[:45], timeout=30 * MINUTES)
        self._submit = submit
        self._title = self._line("title", say("Title"), fields.title, say("Only for people"))
        self._keys = self._line(
            "keys", say("Keys"), fields.keys, say("With commas between; /…/i is a pattern")
        )
        self._secondary = self._line(
            "secondary", say("Secondary keys"), fields.secondary, say("One of them, too")
        )
        self._content = (
            None
            if fields.content is None
            else self._line("content", say("Text"), fields.content, say("What the model reads"))
        )
        self._further = self._line(
            "further",
            say("Further fields"),
            fields.further,
            say("SillyTavern's, as JSON: {example}", example='{"order": 50, "constant": true}'),
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        acts(interaction)
        await think(interaction)
        content = None if self._content is None else self._content.value
        fields = Fields(
            self._title.value,
            self._keys.value,
            self._secondary.value,
            content,
            self._further.value,
        )
        await self._submit(interaction, fields)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))

    def _line(
        self, key: str, label: str, value: str, description: str
    ) -> discord.ui.TextInput[Any]:
        long = key in {"content", "further"}
        field = discord.ui.TextInput[Any](
            custom_id=key,
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=value or None,
            required=False,
            max_length=LONGEST,
        )
        self.add_item(discord.ui.Label(text=label, description=description[:100], component=field))
        return field
