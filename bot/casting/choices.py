"""Names of characters to pick from, those of the channel first."""

from collections.abc import Iterable

from discord import app_commands

from bot.casting.desk import CastDesk, Place
from bot.characters.names import CharacterNames
from bot.choices import MOST_CHOICES


class CastNames:
    """For autocomplete."""

    def __init__(self, desk: CastDesk, names: CharacterNames) -> None:
        self._desk = desk
        self._names = names

    async def here(self, at: Place, typed: str) -> list[app_commands.Choice[str]]:
        """The characters of the channel, in their order."""
        names = (character.card.name for character in await self._desk.here(at))
        return _choices(name for name in names if typed.casefold() in name.casefold())

    async def usable(self, at: Place, typed: str) -> list[app_commands.Choice[str]]:
        """Every character of the server, those of the channel first."""
        here = [choice.value for choice in await self.here(at, typed)]
        others = [choice.value for choice in await self._names.choices(typed, at.guild_id)]
        return _choices([*here, *others])


def _choices(names: Iterable[str]) -> list[app_commands.Choice[str]]:
    unique = list(dict.fromkeys(names))[:MOST_CHOICES]
    return [app_commands.Choice(name=name, value=name) for name in unique]
