"""What the commands do with lorebooks. Knows nothing of interactions."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace

from bot.lorebooks.fields import Fields, entry_of
from bot.lorebooks.names import entry_in
from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.read import MOST_ENTRIES, read_file
from roleplay.lorebooks.store import Link, Lorebooks, StoredLorebook
from roleplay.lorebooks.write import standalone_of, world_of
from roleplay.phrases import count, say

UNSAFE = re.compile(r"[^\w-]+")

FORMATS = {"sillytavern": world_of, "v3": standalone_of}
"""What a lorebook is written as."""

MOST_NOTES = 5

Edit = Callable[[LoreEntry], LoreEntry]


class LorebookDesk:
    """Each method raises `LorebookError` or `StorageError`, and then nothing has changed."""

    def __init__(self, lorebooks: Lorebooks) -> None:
        self._lorebooks = lorebooks

    async def bring(
        self, data: bytes, file: str, guild_id: int | None, by: int | None, name: str = ""
    ) -> tuple[StoredLorebook, str]:
        """Keep the book of a file, under another `name` where one is given; what to tell of it."""
        book, notes = await _read(data, file, name)
        stored = await self._lorebooks.add(book, guild_id, by=by)
        done = count(
            len(book.entries),
            "**{name}** is imported: {count} entry.",
            "**{name}** is imported: {count} entries.",
            name=book.name,
        )
        return stored, "\n".join([done, *notes])

    async def bring_anew(self, data: bytes, file: str, stored: StoredLorebook) -> str:
        """Put a file's book in another's place: it keeps its name, and where it counts."""
        book, notes = await _read(data, file, stored.book.name)
        await self._lorebooks.change(stored.id, lambda _: book)
        done = count(
            len(book.entries),
            "**{name}** is replaced: {count} entry.",
            "**{name}** is replaced: {count} entries.",
            name=book.name,
        )
        return "\n".join([done, *notes])

    async def make(self, name: str, guild_id: int | None, by: int) -> str:
        stored = await self._lorebooks.add(Lorebook(" ".join(name.split())), guild_id, by=by)
        return say(
            "**{name}** is made. Add entries with /lorebook entry add.", name=stored.book.name
        )

    async def attach(self, stored: StoredLorebook, link: Link, guild_id: int, where: str) -> str:
        new = await self._lorebooks.attach(link, guild_id)
        text = (
            say("**{name}** counts {where}.") if new else say("**{name}** counts {where} already.")
        )
        return text.replace("{name}", stored.book.name).replace("{where}", where)

    async def detach(self, stored: StoredLorebook, link: Link, guild_id: int, where: str) -> str:
        gone = await self._lorebooks.detach(link, guild_id)
        text = (
            say("**{name}** counts no more {where}.")
            if gone
            else say("**{name}** did not count {where}.")
        )
        return text.replace("{name}", stored.book.name).replace("{where}", where)

    async def share(self, stored: StoredLorebook) -> str:
        await self._lorebooks.share(stored.id)
        return say(
            "Every server can use **{name}** now, and only you change it.", name=stored.book.name
        )

    async def remove(self, stored: StoredLorebook) -> str:
        """Raises `LorebookError` too where it was shared since it was looked at."""
        now = await self._lorebooks.lorebook(stored.id, stored.guild_id)
        if now is None or now.guild_id != stored.guild_id:
            raise LorebookError(say("This lorebook was removed or shared in the meantime."))
        await self._lorebooks.remove(stored.id)
        return say("**{name}** is removed.", name=stored.book.name)

    async def add_entry(self, stored: StoredLorebook, fields: Fields) -> str:
        made: list[LoreEntry] = []

        def change(book: Lorebook) -> Lorebook:
            if len(book.entries) >= MOST_ENTRIES:
                raise LorebookError(
                    say("A lorebook has {most} entries at most.", most=MOST_ENTRIES)
                )
            uid = max((each.uid for each in book.entries), default=-1) + 1
            made.append(entry_of(fields, LoreEntry(uid)))
            return replace(book, entries=(*book.entries, made[-1]))

        await self._lorebooks.change(stored.id, change)
        return say("“{entry}” is added to **{book}**.", entry=made[-1].title, book=stored.book.name)

    async def edit_entry(self, stored: StoredLorebook, uid: int, fields: Fields) -> str:
        return await self._swap(stored, uid, lambda entry: entry_of(fields, entry), say("changed"))

    async def toggle_entry(self, stored: StoredLorebook, uid: int) -> str:
        before = entry_in(stored.book, f"#{uid}")
        word = say("off") if before.enabled else say("on")
        return await self._swap(
            stored, uid, lambda one: replace(one, enabled=not before.enabled), word
        )

    async def remove_entry(self, stored: StoredLorebook, uid: int) -> str:
        before = entry_in(stored.book, f"#{uid}")

        def change(book: Lorebook) -> Lorebook:
            entry_in(book, f"#{uid}")
            left = tuple(entry for entry in book.entries if entry.uid != uid)
            return replace(book, entries=left)

        await self._lorebooks.change(stored.id, change)
        return say("“{entry}” is removed.", entry=before.title)

    async def _swap(self, stored: StoredLorebook, uid: int, edit: Edit, word: str) -> str:
        def change(book: Lorebook) -> Lorebook:
            before = entry_in(book, f"#{uid}")
            after = edit(before)
            return replace(
                book, entries=tuple(after if each is before else each for each in book.entries)
            )

        new = await self._lorebooks.change(stored.id, change)
        title = entry_in(new.book, f"#{uid}").title
        return say("“{entry}” is {word}.", entry=title, word=word)


def file_name(book: Lorebook) -> str:
    """A name that every system takes, whatever the book is called."""
    return f"{UNSAFE.sub('_', book.name)[:60].strip('_') or 'lorebook'}.json"


def written(book: Lorebook, form: str) -> bytes:
    return json.dumps(FORMATS[form](book), ensure_ascii=False, indent=1).encode()


async def _read(data: bytes, file: str, name: str) -> tuple[Lorebook, list[str]]:
    notes: list[str] = []
    book = await asyncio.to_thread(read_file, data, file, notes)
    shown = notes[:MOST_NOTES]
    if more := len(notes) - len(shown):
        shown.append(say("… and {count} more", count=more))
    name = " ".join(name.split())
    return (replace(book, name=name) if name else book), shown
