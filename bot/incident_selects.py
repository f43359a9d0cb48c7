"""One choice under an answer, which works once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from bot.answers import tell
from bot.profiles.buttons import PATIENCE, Allowed
from bot.tree import explain

LENGTHS = (1800, 3600, 7200, 28_800, 86_400)
"""Seconds of maintenance to choose from."""

Choose = Callable[[discord.Interaction[Any], str], Awaitable[None]]
"""Does what was chosen, and answers."""


class OneSelect(discord.ui.View):
    """Only the one who asked sees it; `allowed` is asked again all the same."""

    def __init__(
        self, options: Sequence[discord.SelectOption], choose: Choose, allowed: Allowed
    ) -> None:
        super().__init__(timeout=PATIENCE)
        self._choose = choose
        self._allowed = allowed
        self._select = discord.ui.Select[Any](options=list(options))
        self._select.callback = self._chosen
        self.add_item(self._select)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await self._allowed(interaction)

    async def _chosen(self, interaction: discord.Interaction[Any]) -> None:
        if self.is_finished():
            return
        self.stop()
        try:
            await self._choose(interaction, self._select.values[0])
        except Exception as error:  # noqa: BLE001 - a border: `explain` logs what it does not know
            await tell(interaction, explain(error))
