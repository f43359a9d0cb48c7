"""Several characters in one option: names with commas between them."""

from discord import app_commands

from bot.characters.names import CharacterNames
from roleplay.casting.cast import MOST_SEATS
from roleplay.characters.store import StoredCharacter
from roleplay.errors import CardError, CastError
from roleplay.phrases import say

LONGEST_VALUE = 100
"""Characters of a choice that Discord takes."""


class SeveralNames:
    def __init__(self, names: CharacterNames) -> None:
        self._names = names

    async def get(self, text: str, guild_id: int | None) -> tuple[StoredCharacter, ...]:
        """Each once, in their order. A name that holds a comma is taken when it stands alone.

        Raises:
            CardError: this server may use no such character.
            CastError: they are more than a channel holds.
        """
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if len(parts) > MOST_SEATS:
            raise CastError(say("A channel holds at most {count} characters.", count=MOST_SEATS))
        if len(parts) > 1 and (one := await self._whole(text, guild_id)):
            return (one,)
        found = [await self._names.get(part, guild_id) for part in parts]
        return tuple({each.id: each for each in found}.values())

    async def choices(self, typed: str, guild_id: int | None) -> list[app_commands.Choice[str]]:
        """The last name is completed; the others stay as they were typed."""
        before, comma, last = typed.rpartition(",")
        head = f"{before.strip()}, " if comma else ""
        taken = {part.strip().casefold() for part in before.split(",")}
        names = [one.value for one in await self._names.choices(last.strip(), guild_id)]
        values = [head + name for name in names if name.casefold() not in taken]
        return [
            app_commands.Choice(name=value, value=value)
            for value in values
            if len(value) <= LONGEST_VALUE
        ]

    async def _whole(self, text: str, guild_id: int | None) -> StoredCharacter | None:
        try:
            return await self._names.get(text.strip(), guild_id)
        except CardError:
            return None
