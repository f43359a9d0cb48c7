"""The form in which a profile is written."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.answers import tell, think
from bot.checks import acts
from bot.profiles.fields import LONGEST, Fields
from bot.tree import explain
from roleplay.phrases import say

Submit = Callable[[discord.Interaction[Any], Fields], Awaitable[None]]

MINUTES = 60.0


class ProfileForm(discord.ui.Modal):
    """Five fields, which is Discord's own limit."""

    def __init__(self, title: str, fields: Fields, submit: Submit) -> None:
        super().__init__(title=title[:45], timeout=30 * MINUTES)
        self._submit = submit
        self._address = _line(self, "baseURL", fields.address, say("Empty: the type's own address"))
        self._model = _line(self, "model", fields.model, say("Empty: the server's first model"))
        self._key = _line(self, "apiKey", fields.key, say("Only a variable's name: ${MY_KEY}"))
        self._fallbacks = _line(
            self, "fallbackProfiles", fields.fallbacks, say("Names, separated by commas")
        )
        self._further = _line(
            self,
            "further",
            fields.further,
            say("All other keys, as in config.json: {example}", example='{"sampler": {"topP": 1}}'),
            discord.TextStyle.paragraph,
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        acts(interaction)
        await think(interaction)
        fields = Fields(
            self._address.value,
            self._model.value,
            self._key.value,
            self._fallbacks.value,
            self._further.value,
        )
        await self._submit(interaction, fields)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        await tell(interaction, explain(error))


def _line(
    form: discord.ui.Modal,
    key: str,
    value: str,
    description: str,
    style: discord.TextStyle = discord.TextStyle.short,
) -> discord.ui.TextInput[Any]:
    field = discord.ui.TextInput[Any](
        custom_id=key, style=style, default=value or None, required=False, max_length=LONGEST
    )
    text = say("Further keys") if key == "further" else key
    form.add_item(discord.ui.Label(text=text, description=description[:100], component=field))
    return field
