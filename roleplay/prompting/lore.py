"""What the lorebooks of a channel and of the one who speaks add to a prompt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from roleplay.lorebooks.anchors import anchored, chat_length, counted
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.compiled import Library
from roleplay.lorebooks.scan import Scope, scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.store import BooksOfServers, LoreTimers, Place
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.scanning import Books, surroundings
from roleplay.prompting.values import Values
from roleplay.tokens import Ratios, estimate, weigh

SCOPES: dict[Place, Scope] = {"channel": "chat", "server": "global", "character": "character"}
"""What SillyTavern calls them."""


InForce = Callable[[Ingredients], Awaitable[Books]]
"""Which books count. Raises `StorageError`."""


class AttachedBooks:
    """The speaker's own book, and those attached to the channel, the server and the speaker.

    A thread has its parent's. A book that is attached twice counts once, at the narrowest place.
    """

    def __init__(self, lorebooks: BooksOfServers) -> None:
        self._lorebooks = lorebooks

    async def __call__(self, here: Ingredients) -> Books:
        scene, speaker = here.scene, here.speaker
        own: Books = [(speaker.card.book, "character")] if speaker.card.book else []
        if scene.guild_id is None:
            return own
        places: dict[Place, set[int | None]] = {
            "channel": {scene.channel_id, scene.parent_id},
            "server": {scene.guild_id},
            "character": {speaker.id},
        }
        links = await self._lorebooks.links(scene.guild_id)
        found: dict[int, Place] = {}
        for place, ids in places.items():
            for link in links:
                if link.place == place and link.place_id in ids:
                    found.setdefault(link.book_id, place)
        return [*own, *await self._read(found, scene.guild_id)]

    async def _read(self, found: Mapping[int, Place], guild_id: int) -> Books:
        books: list[tuple[Lorebook, Scope]] = []
        for book_id, place in found.items():
            if stored := await self._lorebooks.lorebook(book_id, guild_id):
                books.append((stored.book, SCOPES[place]))
        return books


class LoreContributor:
    """Scans before each prompt. Only a turn's scan leaves effects: one that is shown has none."""

    def __init__(
        self,
        books: InForce,
        timers: LoreTimers,
        settings: Callable[[], LoreSettings] = LoreSettings,
        library: Library | None = None,
    ) -> None:
        self._books = books
        self._timers = timers
        self._settings = settings
        self._library = library or Library()

    async def __call__(self, here: Ingredients) -> Ingredients:
        books = await self._books(here)
        if not books:
            return here
        settings = self._settings()
        await self._made_ready(books, settings)
        channel_id, older = here.scene.channel_id, here.older
        messages = [message.id for message in here.history]
        kept = await self._timers.anchors(channel_id)
        around = surroundings(here)
        found = scan(
            books,
            replace(
                around,
                chat_length=chat_length(messages, older=older),
                replies=here.written if older else None,
            ),
            settings,
            counted(kept, messages, older=older),
            window=here.facts.window,
            roll=here.rng,
            count=_tokens,
            expand=Values(here).expand,
            library=self._library,
        )
        left = anchored(found.timers, kept, messages, older=older)
        if here.turn is not None and left != kept:
            await self._timers.save(channel_id, here.scene.guild_id, left)
        return replace(here, lore=found)

    async def _made_ready(self, books: Books, settings: LoreSettings) -> None:
        """In a thread: a book of tens of thousands of keys takes a second, once."""
        flags = {
            "case_sensitive": settings.case_sensitive,
            "whole_words": settings.whole_words,
        }
        for book, _ in books:
            if not self._library.has(book, **flags):
                await asyncio.to_thread(self._library.compiled, book, **flags)


def _tokens(text: str) -> int:
    return estimate(weigh(text), Ratios())
