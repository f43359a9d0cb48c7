"""Earlier messages by their words: implements `roleplay.memory.store.Moments` with FTS5."""

import asyncio
from collections.abc import Sequence

from roleplay.memory.recall import NEWEST_HITS
from roleplay.memory.store import Hit
from roleplay.transcript import StoredMessage
from storage.database import Database

NEWEST_OF_TERM = """
    SELECT * FROM (
        SELECT ?, rowid & 4294967295 FROM message_search
        WHERE message_search MATCH ? AND rowid >= ? AND rowid < ?
        ORDER BY rowid DESC LIMIT ?)
"""

MOST_TERMS = 50

PAGES = 64
"""Of the index, merged in one go: a few milliseconds, in which nothing else is read."""

MOST_STEPS = 10_000


class SqlMoments:
    """Cost does not grow with the channel: only so many of the newest hits are looked at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hits(self, channel_id: int, terms: Sequence[str], before: int) -> list[Hit]:
        terms = terms[:MOST_TERMS]
        if not terms:
            return []
        sql = " UNION ALL ".join([NEWEST_OF_TERM] * len(terms))
        first = channel_key(channel_id)
        parameters = [
            value
            for place, term in enumerate(terms)
            for value in (place, _match(term), first, first + before, NEWEST_HITS)
        ]
        return [Hit(*row) for row in await self._database.rows(sql, parameters)]

    async def read(self, channel_id: int, ids: Sequence[int]) -> list[StoredMessage]:
        places = ", ".join("?" * len(ids))
        rows = await self._database.rows(
            f"""
            SELECT id, channel_id, role, author_id, author_name, text, created_at FROM messages
            WHERE id IN ({places}) AND channel_id = ? AND hidden = 0
                AND position > COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)
            ORDER BY position, id
            """,  # noqa: S608 (nothing but question marks)
            (*ids, channel_id, channel_id),
        )
        return [StoredMessage(*row) for row in rows]

    async def tidy(self) -> bool:
        """Take the words of deleted messages out of the index's files; False: there were none.

        FTS5 only marks them as deleted until their part of the index is written anew. That is done
        in small steps, between which others have their turn.
        """
        if not await self._database.rows("SELECT 1 FROM search_leftovers"):
            return False
        await self._database.run("DELETE FROM search_leftovers")
        await self._merge(-PAGES)
        for _ in range(MOST_STEPS):
            if await self._merge(PAGES) < 2:
                return True
            await asyncio.sleep(0)
        return True

    async def _merge(self, pages: int) -> int:
        """How much it wrote; below 2: there is nothing left to merge."""
        async with self._database.transaction() as transaction:
            [(before,)] = await transaction.rows("SELECT total_changes()")
            await transaction.run(
                "INSERT INTO message_search (message_search, rank) VALUES ('merge', ?)", (pages,)
            )
            [(after,)] = await transaction.rows("SELECT total_changes()")
        return after - before


def channel_key(channel_id: int) -> int:
    """Where a channel's rows of the index begin; `read` tells those apart that share it."""
    return ((channel_id >> 22) & 0x7FFFFFFF) << 32


def _match(term: str) -> str:
    """Everything is quoted: nothing that people write is read as FTS5's own language."""
    quoted = term.replace('"', '""').replace("\0", "")
    return f'"{quoted}"'
