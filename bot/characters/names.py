"""Names of characters to pick from: a server's own and the shared ones, never another's."""

from collections.abc import Iterable
from difflib import get_close_matches

from discord import app_commands

from bot.choices import MOST_CHOICES
from roleplay.characters.store import Characters, StoredCharacter
from roleplay.errors import CardError
from roleplay.phrases import say


class CharacterNames:
    def __init__(self, characters: Characters) -> None:
        self._characters = characters

    async def choices(self, typed: str, guild_id: int | None) -> list[app_commands.Choice[str]]:
        """Names that hold what was typed; those that begin with it come first."""
        part = typed.casefold()
        listed = await self._characters.listed(guild_id)
        names = list(dict.fromkeys(each.name for each in listed if part in each.name.casefold()))
        names.sort(key=lambda name: not name.casefold().startswith(part))
        return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]

    async def by_id(self, guild_id: int | None) -> dict[int, str]:
        """Of all that this server may use."""
        return {each.id: each.name for each in await self._characters.listed(guild_id)}

    async def known(self, names: Iterable[str], guild_id: int | None) -> dict[str, StoredCharacter]:
        """Those of the names, whatever their case, that this server may use a character of."""
        found = {name: await self._characters.find(name, guild_id) for name in names}
        return {name: character for name, character in found.items() if character}

    async def get(self, name: str, guild_id: int | None) -> StoredCharacter:
        """Raises `CardError`, which names the nearest: this server may use no such character."""
        found = await self._characters.find(name, guild_id)
        if found:
            return found
        names = [each.name for each in await self._characters.listed(guild_id)]
        near = get_close_matches(name, names, n=1)
        raise CardError(
            say("There is no character “{name}”.", name=name[:100]),
            hint=say("Did you mean “{near}”?", near=near[0])
            if near
            else say("/character list shows those that there are."),
        )
