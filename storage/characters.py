"""The characters that are kept: implements `roleplay.characters.store.Characters`."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.characters.shapes import contents_in, document_of
from roleplay.characters.store import Listed, StoredCharacter
from roleplay.errors import CardError
from roleplay.phrases import say
from storage.casts import SqlCasts
from storage.character_limits import key_of, refuse_taken, refuse_too_many
from storage.database import Database, Row, Transaction

REMEMBERED = 500
"""Cards in memory."""

COLUMNS = "id, guild_id, card, revision, made_by, made_at, changed_at, picture IS NOT NULL"

USABLE = "(guild_id IS ? OR guild_id IS NULL)"


class SqlCharacters:
    """Remembers the cards it read, as every turn asks for one; every write passes here.

    `now` gives seconds since 1970.
    """

    def __init__(
        self, database: Database, casts: SqlCasts, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._casts = casts
        self._now = now
        self._known: dict[int, StoredCharacter] = {}
        self._writes = 0

    async def character(self, character_id: int, guild_id: int | None) -> StoredCharacter | None:
        stored = self._known.get(character_id) or await self._read(character_id)
        return stored if stored and stored.guild_id in (None, guild_id) else None

    async def find(self, name: str, guild_id: int | None) -> StoredCharacter | None:
        rows = await self._database.rows(
            f"""
            SELECT id FROM characters WHERE {USABLE} AND ? IN (name_key, nickname_key)
            ORDER BY guild_id IS NULL, name_key <> ?, id LIMIT 1
            """,  # noqa: S608 - our own words
            (guild_id, key_of(name), key_of(name)),
        )
        return await self.character(rows[0][0], guild_id) if rows else None

    async def listed(self, guild_id: int | None) -> list[Listed]:
        rows = await self._database.rows(
            f"SELECT id, name, guild_id IS NULL FROM characters WHERE {USABLE}"  # noqa: S608
            " ORDER BY name_key, guild_id IS NULL",
            (guild_id,),
        )
        return [Listed(character_id, name, bool(shared)) for character_id, name, shared in rows]

    async def everyone(self) -> list[StoredCharacter]:
        """Of all servers, the shared ones first."""
        rows = await self._database.rows(
            f"SELECT {COLUMNS} FROM characters ORDER BY guild_id, name_key"  # noqa: S608
        )
        return [_stored(row) for row in rows]

    async def add(
        self,
        contents: Contents,
        guild_id: int | None,
        *,
        by: int | None = None,
        avatar: bytes | None = None,
    ) -> StoredCharacter:
        async with self._database.transaction() as at:
            await refuse_too_many(at, guild_id)
            await refuse_taken(at, contents.card.name, guild_id, but=0)
            now = self._now()
            character_id = await at.insert(
                """
                INSERT INTO characters (guild_id, name, name_key, nickname_key, card, made_by,
                    made_at, changed_at, revision, avatar, picture)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
                """,
                (guild_id, *_card_row(contents.card), by, now, now, avatar, contents.picture),
            )
            await _write_files(at, character_id, contents)
        return await self._there(character_id)

    async def save(self, character_id: int, card: Card) -> StoredCharacter:
        async with self._changing(character_id) as (at, before):
            await self._write(at, before, card)
        return await self._there(character_id)

    async def replace(
        self, character_id: int, contents: Contents, *, avatar: bytes | None = None
    ) -> StoredCharacter:
        async with self._changing(character_id) as (at, before):
            await refuse_too_many(at, before.guild_id, more=0)
            await self._write(at, before, contents.card)
            await at.run(
                "UPDATE characters SET avatar = ?, picture = ? WHERE id = ?",
                (avatar, contents.picture, character_id),
            )
            await at.run("DELETE FROM character_files WHERE character_id = ?", (character_id,))
            await _write_files(at, character_id, contents)
        return await self._there(character_id)

    async def share(self, character_id: int) -> StoredCharacter:
        async with self._changing(character_id) as (at, before):
            await refuse_taken(at, before.card.name, None, but=character_id)
            await at.run("UPDATE characters SET guild_id = NULL WHERE id = ?", (character_id,))
        return await self._there(character_id)

    async def remove(self, character_id: int) -> bool:
        try:
            async with self._database.transaction() as at:
                await at.run(
                    "DELETE FROM channel_characters WHERE character_id = ?", (character_id,)
                )
                return await at.run("DELETE FROM characters WHERE id = ?", (character_id,)) > 0
        finally:
            self._forget(character_id)
            self._casts.forget()

    async def avatar(self, character_id: int) -> bytes | None:
        rows = await self._database.rows(
            "SELECT avatar FROM characters WHERE id = ?", (character_id,)
        )
        return rows[0][0] if rows else None

    async def contents(self, stored: StoredCharacter) -> Contents:
        key = (stored.id,)
        pictures = await self._database.rows("SELECT picture FROM characters WHERE id = ?", key)
        files = await self._database.rows(
            "SELECT name, data FROM character_files WHERE character_id = ? ORDER BY rowid", key
        )
        return Contents(stored.card, pictures[0][0] if pictures else None, dict(files))

    async def channels_with(self, character_id: int, guild_id: int | None) -> Mapping[int, int]:
        rows = await self._database.rows(
            """
            SELECT channel_id, guild_id FROM channel_characters
            WHERE character_id = ? AND (? IS NULL OR guild_id = ?) ORDER BY guild_id, channel_id
            """,
            (character_id, guild_id, guild_id),
        )
        return dict(rows)

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._known.clear()
        self._writes += 1

    def _forget(self, character_id: int) -> None:
        self._known.pop(character_id, None)
        self._writes += 1

    @asynccontextmanager
    async def _changing(
        self, character_id: int
    ) -> AsyncGenerator[tuple[Transaction, StoredCharacter]]:
        before = await self._there(character_id)
        try:
            async with self._database.transaction() as at:
                yield at, before
        finally:
            self._forget(character_id)

    async def _write(self, at: Transaction, before: StoredCharacter, card: Card) -> None:
        await refuse_taken(at, card.name, before.guild_id, but=before.id)
        await at.run(
            """
            UPDATE characters SET name = ?, name_key = ?, nickname_key = ?, card = ?,
                changed_at = ?, revision = revision + 1
            WHERE id = ?
            """,
            (*_card_row(card), self._now(), before.id),
        )

    async def _there(self, character_id: int) -> StoredCharacter:
        stored = self._known.get(character_id) or await self._read(character_id)
        if stored is None:
            raise CardError(say("This character was removed in the meantime."))
        return stored

    async def _read(self, character_id: int) -> StoredCharacter | None:
        rows = await self._database.rows(
            f"SELECT {COLUMNS} FROM characters WHERE id = ?",  # noqa: S608 - our own words
            (character_id,),
        )
        if not rows:
            return None
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        writes = self._writes
        stored = await asyncio.to_thread(_stored, rows[0])  # a large lorebook takes a while
        if writes == self._writes:  # else what was read may be old by now
            self._known[character_id] = stored
        return stored


def _stored(row: Row) -> StoredCharacter:
    character_id, guild_id, card, revision, made_by, made_at, changed_at, pictured = row
    contents = contents_in(json.loads(card), say("character {id}", id=character_id))
    return StoredCharacter(
        character_id,
        guild_id,
        contents.card,
        revision,
        made_by,
        made_at,
        changed_at,
        bool(pictured),
    )


async def _write_files(at: Transaction, character_id: int, contents: Contents) -> None:
    await at.run_many(
        "INSERT INTO character_files VALUES (?, ?, ?)",
        [(character_id, name, data) for name, data in contents.assets.items()],
    )


def _card_row(card: Card) -> tuple[str, str, str, str]:
    return card.name, key_of(card.name), key_of(card.char), json.dumps(document_of(card))
