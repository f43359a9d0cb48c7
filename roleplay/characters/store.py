"""The characters that are kept: each belongs to one server, or is shared with all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from roleplay.characters.card import Card
from roleplay.characters.contents import Contents


@dataclass(frozen=True, slots=True)
class StoredCharacter:
    """`guild_id` None: shared by the bot's owner with every server.

    `revision` counts the changes from 1. `made_by` is a Discord user, None for the terminal; times
    are seconds since 1970.
    """

    id: int
    guild_id: int | None
    card: Card
    revision: int
    made_by: int | None
    made_at: float
    changed_at: float
    pictured: bool

    @property
    def shared(self) -> bool:
        return self.guild_id is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A character in a list of many."""

    id: int
    name: str
    shared: bool


class Characters(Protocol):
    """Raises `StorageError` from any method.

    What a server asks for by id or name is its own or shared; another server's is never found.
    """

    async def character(self, character_id: int, guild_id: int | None) -> StoredCharacter | None:
        """As this server may use it; None: there is none."""
        ...

    async def find(self, name: str, guild_id: int | None) -> StoredCharacter | None:
        """By the card's name or nickname in any case; the server's own before a shared one."""
        ...

    async def listed(self, guild_id: int | None) -> list[Listed]:
        """All that this server may use, by name."""
        ...

    async def add(
        self,
        contents: Contents,
        guild_id: int | None,
        *,
        by: int | None = None,
        avatar: bytes | None = None,
    ) -> StoredCharacter:
        """`avatar` is the picture made small.

        Raises:
            CardError: the name is taken, or the server has as many as it may.
        """
        ...

    async def save(self, character_id: int, card: Card) -> StoredCharacter:
        """Replace the card of a character that is there.

        Raises:
            CardError: the name is taken, or the character is gone.
        """
        ...

    async def replace(
        self, character_id: int, contents: Contents, *, avatar: bytes | None = None
    ) -> StoredCharacter:
        """The same with the picture and the other files. Raises as `save`."""
        ...

    async def share(self, character_id: int) -> StoredCharacter:
        """From now on it is every server's, and no longer this one's alone. Raises as `save`."""
        ...

    async def remove(self, character_id: int) -> bool:
        """It leaves the channels that it is in; False: there was none."""
        ...

    async def avatar(self, character_id: int) -> bytes | None:
        """The small picture; None where there is none."""
        ...

    async def contents(self, stored: StoredCharacter) -> Contents:
        """With the picture and the other files that it came with."""
        ...

    async def channels_with(self, character_id: int, guild_id: int | None) -> Mapping[int, int]:
        """Channels that it is in, each with its server; None: in all servers."""
        ...
