"""Names of lorebooks and of their entries to pick from: a server's own and the shared ones."""

from difflib import get_close_matches

from discord import app_commands

from bot.choices import MOST_CHOICES
from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.store import Lorebooks, StoredLorebook
from roleplay.phrases import say


class LorebookNames:
    def __init__(self, lorebooks: Lorebooks) -> None:
        self._lorebooks = lorebooks

    async def choices(self, typed: str, guild_id: int | None) -> list[app_commands.Choice[str]]:
        """Names that hold what was typed; those that begin with it come first."""
        part = typed.casefold()
        listed = await self._lorebooks.listed(guild_id)
        names = list(dict.fromkeys(each.name for each in listed if part in each.name.casefold()))
        names.sort(key=lambda name: not name.casefold().startswith(part))
        return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]

    async def entry_choices(
        self, typed: str, book: str, guild_id: int | None
    ) -> list[app_commands.Choice[str]]:
        """Entries of a book whose title or keys hold what was typed."""
        stored = await self._lorebooks.find(book, guild_id) if book else None
        part = typed.casefold()
        found = [
            entry
            for entry in (stored.book.entries if stored else ())
            if part in f"#{entry.uid} {entry.title} {' '.join(entry.keys)}".casefold()
        ]
        return [
            app_commands.Choice(name=f"{entry.title[:80]} (#{entry.uid})", value=f"#{entry.uid}")
            for entry in found[:MOST_CHOICES]
        ]

    async def get(self, name: str, guild_id: int | None) -> StoredLorebook:
        """Raises `LorebookError`, which names the nearest: this server may use no such book."""
        found = await self._lorebooks.find(name, guild_id)
        if found:
            return found
        names = [each.name for each in await self._lorebooks.listed(guild_id)]
        near = get_close_matches(name, names, n=1)
        raise LorebookError(
            say("There is no lorebook “{name}”.", name=name[:100]),
            hint=say("Did you mean “{near}”?", near=near[0])
            if near
            else say("/lorebook list shows those that there are."),
        )


def entry_in(book: Lorebook, named: str) -> LoreEntry:
    """By `#number`, else by its title in any case.

    Raises:
        LorebookError: there is none.
    """
    number = named.removeprefix("#")
    if named.startswith("#") and number.isdecimal() and (found := book.entry(int(number))):
        return found
    for entry in book.entries:
        if entry.title.casefold() == named.casefold():
            return entry
    raise LorebookError(
        say("“{book}” has no entry “{entry}”.", book=book.name, entry=named[:100]),
        hint=say("Pick one from the list that opens while you type."),
    )
