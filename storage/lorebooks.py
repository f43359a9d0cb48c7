"""The lorebooks that are kept: implements `roleplay.lorebooks.store.Lorebooks`."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence

from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.read import read_book
from roleplay.lorebooks.store import Change, Link, ListedLorebook, StoredLorebook
from roleplay.lorebooks.write import world_of
from roleplay.phrases import say
from storage.character_limits import key_of
from storage.database import Database, Row, Transaction

MOST = 200
"""Lorebooks of one server."""

MOST_CHARACTERS = 8 * 1024 * 1024
"""Of a book's JSON."""

REMEMBERED = 100
"""Books in memory."""

COLUMNS = "id, guild_id, name, book, revision, made_by, made_at, changed_at"

USABLE = "(guild_id IS ? OR guild_id IS NULL)"


class SqlLorebooks:
    """Remembers the books and links it read, as every turn asks; every write passes here.

    `now` gives seconds since 1970.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._known: dict[int, StoredLorebook] = {}
        self._links: dict[int, tuple[Link, ...]] = {}
        self._writes = 0

    async def lorebook(self, book_id: int, guild_id: int | None) -> StoredLorebook | None:
        stored = self._known.get(book_id) or await self._read(book_id)
        return stored if stored and stored.guild_id in (None, guild_id) else None

    async def find(self, name: str, guild_id: int | None) -> StoredLorebook | None:
        rows = await self._database.rows(
            f"""
            SELECT id FROM lorebooks WHERE {USABLE} AND name_key = ?
            ORDER BY guild_id IS NULL LIMIT 1
            """,  # noqa: S608 - our own words
            (guild_id, key_of(name)),
        )
        return await self.lorebook(rows[0][0], guild_id) if rows else None

    async def listed(self, guild_id: int | None) -> list[ListedLorebook]:
        return await self._list(f"WHERE {USABLE}", (guild_id,))

    async def everywhere(self) -> list[ListedLorebook]:
        """Those of all servers, for the terminal."""
        return await self._list("", ())

    async def add(
        self, book: Lorebook, guild_id: int | None, *, by: int | None = None
    ) -> StoredLorebook:
        row = await asyncio.to_thread(_book_row, book)
        async with self._database.transaction() as at:
            await _refuse_too_many(at, guild_id)
            await _refuse_taken(at, book.name, guild_id, but=0)
            now = self._now()
            book_id = await at.insert(
                """
                INSERT INTO lorebooks (guild_id, name, name_key, book, entries, revision, made_by,
                    made_at, changed_at)
                VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)
                """,
                (guild_id, *row, by, now, now),
            )
        return await self._there(book_id)

    async def change(self, book_id: int, change: Change) -> StoredLorebook:
        try:
            async with self._database.transaction() as at:
                before = await _read(at, book_id)
                if before is None:
                    raise _gone()
                book = change(before.book)
                await _refuse_taken(at, book.name, before.guild_id, but=book_id)
                await at.run(
                    """
                    UPDATE lorebooks SET name = ?, name_key = ?, book = ?, entries = ?,
                        changed_at = ?, revision = revision + 1
                    WHERE id = ?
                    """,
                    (*_book_row(book), self._now(), book_id),
                )
        finally:
            self._forget(book_id)
        return await self._there(book_id)

    async def share(self, book_id: int) -> StoredLorebook:
        before = await self._there(book_id)
        try:
            async with self._database.transaction() as at:
                await _refuse_taken(at, before.book.name, None, but=book_id)
                await at.run("UPDATE lorebooks SET guild_id = NULL WHERE id = ?", (book_id,))
        finally:
            self._forget(book_id)
        return await self._there(book_id)

    async def remove(self, book_id: int) -> bool:
        try:
            return await self._database.run("DELETE FROM lorebooks WHERE id = ?", (book_id,)) > 0
        finally:
            self.forget()

    async def links(self, guild_id: int) -> Sequence[Link]:
        if guild_id not in self._links:
            rows = await self._database.rows(
                "SELECT book_id, place, place_id FROM lorebook_links WHERE guild_id = ?"
                " ORDER BY place, place_id, book_id",
                (guild_id,),
            )
            self._links[guild_id] = tuple(Link(*row) for row in rows)
        return self._links[guild_id]

    async def attach(self, link: Link, guild_id: int) -> bool:
        return await self._link(
            "INSERT INTO lorebook_links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", link, guild_id
        )

    async def detach(self, link: Link, guild_id: int) -> bool:
        return await self._link(
            "DELETE FROM lorebook_links"
            " WHERE guild_id = ? AND place = ? AND place_id = ? AND book_id = ?",
            link,
            guild_id,
        )

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._known.clear()
        self._links.clear()
        self._writes += 1

    def _forget(self, book_id: int) -> None:
        self._known.pop(book_id, None)
        self._writes += 1

    async def _link(self, sql: str, link: Link, guild_id: int) -> bool:
        try:
            row = (guild_id, link.place, link.place_id, link.book_id)
            return await self._database.run(sql, row) > 0
        finally:
            self._links.pop(guild_id, None)

    async def _list(self, where: str, parameters: tuple[object, ...]) -> list[ListedLorebook]:
        rows = await self._database.rows(
            f"SELECT id, name, guild_id, entries, revision FROM lorebooks {where}"  # noqa: S608
            " ORDER BY name_key, guild_id IS NULL",
            parameters,
        )
        return [ListedLorebook(*row) for row in rows]

    async def _there(self, book_id: int) -> StoredLorebook:
        stored = self._known.get(book_id) or await self._read(book_id)
        if stored is None:
            raise _gone()
        return stored

    async def _read(self, book_id: int) -> StoredLorebook | None:
        writes = self._writes
        stored = await _read(self._database, book_id)
        if stored and writes == self._writes:  # else what was read may be old by now
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[book_id] = stored
        return stored


async def _read(at: Database | Transaction, book_id: int) -> StoredLorebook | None:
    rows = await at.rows(f"SELECT {COLUMNS} FROM lorebooks WHERE id = ?", (book_id,))  # noqa: S608
    return await asyncio.to_thread(_stored, rows[0]) if rows else None


def _stored(row: Row) -> StoredLorebook:
    book_id, guild_id, name, book, *rest = row
    found = read_book(json.loads(book), say("lorebook {id}", id=book_id), name=name)
    return StoredLorebook(book_id, guild_id, found, *rest)


def _book_row(book: Lorebook) -> tuple[str, str, str, int]:
    text = json.dumps(world_of(book), ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise LorebookError(
            say("The lorebook is larger than {most} MB.", most=MOST_CHARACTERS // 1024**2),
            hint=say("Divide it into two, and attach both."),
        )
    return book.name, key_of(book.name), text, len(book.entries)


async def _refuse_too_many(at: Transaction, guild_id: int | None) -> None:
    sql = "SELECT COUNT(*) FROM lorebooks WHERE guild_id IS ?"
    if guild_id is not None and (await at.rows(sql, (guild_id,)))[0][0] >= MOST:
        raise LorebookError(
            say("This server has {most} lorebooks, and no more are kept.", most=MOST),
            hint=say("Remove one with /lorebook remove."),
        )


async def _refuse_taken(at: Transaction, name: str, guild_id: int | None, *, but: int) -> None:
    sql = "SELECT 1 FROM lorebooks WHERE guild_id IS ? AND name_key = ? AND id <> ?"
    if await at.rows(sql, (guild_id, key_of(name), but)):
        raise LorebookError(
            say("There is a lorebook “{name}” already.", name=name),
            hint=say("Give it another name, or let it replace that one."),
        )


def _gone() -> LorebookError:
    return LorebookError(say("This lorebook was removed in the meantime."))
