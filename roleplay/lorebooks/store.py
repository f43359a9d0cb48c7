"""The lorebooks that are kept, where they count, and which effects last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from roleplay.lorebooks.book import Lorebook

Place = Literal["channel", "server", "character"]


@dataclass(frozen=True, slots=True)
class StoredLorebook:
    """`guild_id` None: shared by the bot's owner with every server.

    `revision` counts the changes from 1. `made_by` is a Discord user, None for the terminal; times
    are seconds since 1970.
    """

    id: int
    guild_id: int | None
    book: Lorebook
    revision: int
    made_by: int | None
    made_at: float
    changed_at: float

    @property
    def shared(self) -> bool:
        return self.guild_id is None


@dataclass(frozen=True, slots=True)
class ListedLorebook:
    """A lorebook in a list of many."""

    id: int
    name: str
    guild_id: int | None
    entries: int
    revision: int


@dataclass(frozen=True, slots=True)
class Link:
    """A book that counts at a place of a server: `place_id` is a channel, server or character."""

    book_id: int
    place: Place
    place_id: int


Change = Callable[[Lorebook], Lorebook]


class BooksOfServers(Protocol):
    """What a prompt asks for. Raises `StorageError` from any method.

    What a server asks for by id or name is its own or shared; another server's is never found.
    """

    async def lorebook(self, book_id: int, guild_id: int | None) -> StoredLorebook | None: ...

    async def links(self, guild_id: int) -> Sequence[Link]: ...


class Lorebooks(BooksOfServers, Protocol):
    """And what people do with them."""

    async def find(self, name: str, guild_id: int | None) -> StoredLorebook | None:
        """By the name in any case; the server's own before a shared one."""
        ...

    async def listed(self, guild_id: int | None) -> list[ListedLorebook]:
        """All that this server may use, by name."""
        ...

    async def add(
        self, book: Lorebook, guild_id: int | None, *, by: int | None = None
    ) -> StoredLorebook:
        """Raises `LorebookError`: the name is taken, or the server has as many as it may."""
        ...

    async def change(self, book_id: int, change: Change) -> StoredLorebook:
        """What `change` makes of the book as it is now. Raises what `change` does.

        Raises:
            LorebookError: the book is gone, or its new name is taken.
        """
        ...

    async def share(self, book_id: int) -> StoredLorebook:
        """From now on it is every server's, and no longer this one's alone. Raises as `change`."""
        ...

    async def remove(self, book_id: int) -> bool:
        """It counts nowhere any more; False: there was none."""
        ...

    async def attach(self, link: Link, guild_id: int) -> bool:
        """False: it counted there already."""
        ...

    async def detach(self, link: Link, guild_id: int) -> bool:
        """False: it did not count there."""
        ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """An effect as it is kept: the message at which an entry fired, by our own id.

    `lasts` are messages, None: for good.
    """

    message_id: int
    lasts: int | None


Anchors = Mapping[str, Anchor]
"""By an entry's key in `Timers`."""


class LoreTimers(Protocol):
    """Raises `StorageError` from any method."""

    async def anchors(self, channel_id: int) -> Anchors: ...

    async def save(self, channel_id: int, guild_id: int | None, anchors: Anchors) -> None:
        """In place of all that were kept of the channel."""
        ...
