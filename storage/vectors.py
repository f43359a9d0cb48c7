"""Vectors of messages: implements `roleplay.memory.likeness.Vectors`."""

import sys
from array import array
from collections.abc import Sequence

from roleplay.memory.likeness import Learnt
from roleplay.memory.nearness import signs
from roleplay.ports import Vector
from storage.database import Database

KEPT = 5000
"""Newest messages of a channel that have vectors."""

SEEN = """
    hidden = 0 AND text <> ''
    AND position > COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
"""

NEWEST = """
    SELECT id FROM messages WHERE channel_id = ? ORDER BY position DESC, id DESC LIMIT ?
"""


class SqlVectors:
    """Vectors are stored as float32, little-endian."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def missing(self, channel_id: int, model: str, limit: int) -> list[tuple[int, str]]:
        rows = await self._database.rows(
            f"""
            SELECT m.id, m.text FROM ({NEWEST}) newest CROSS JOIN messages m ON m.id = newest.id
            WHERE newest.id NOT IN
                (SELECT message_id FROM message_vectors WHERE channel_id = ? AND model = ?)
                AND {SEEN}
            LIMIT ?
            """,  # noqa: S608 (constants)
            (channel_id, KEPT, channel_id, model, limit),
        )
        return [(message_id, text) for message_id, text in rows]

    async def save(self, channel_id: int, model: str, learnt: Sequence[Learnt]) -> None:
        async with self._database.transaction() as transaction:
            await transaction.run_many(
                f"""
                INSERT OR REPLACE INTO message_vectors
                    (message_id, channel_id, model, signs, vector)
                SELECT id, channel_id, ?, ?, ? FROM messages m
                WHERE id = ? AND channel_id = ? AND text = ? AND {SEEN}
                """,  # noqa: S608 (constant)
                [
                    (
                        model,
                        signs(one.vector),
                        packed(one.vector),
                        one.message_id,
                        channel_id,
                        one.text,
                    )
                    for one in learnt
                ],
            )
            [(count,)] = await transaction.rows(
                "SELECT COUNT(*) FROM message_vectors WHERE channel_id = ?", (channel_id,)
            )
            if count > KEPT:
                await transaction.run(
                    f"""
                    DELETE FROM message_vectors
                    WHERE channel_id = ? AND message_id NOT IN (SELECT id FROM ({NEWEST}))
                    """,  # noqa: S608 (constant)
                    (channel_id, channel_id, KEPT),
                )

    async def any(self, channel_id: int, model: str, before: int) -> bool:
        found = await self._database.rows(
            """
            SELECT 1 FROM message_vectors
            WHERE channel_id = ? AND model = ? AND message_id < ? LIMIT 1
            """,
            (channel_id, model, before),
        )
        return bool(found)

    async def signs(
        self, channel_id: int, model: str, before: int, size: int
    ) -> list[tuple[int, bytes]]:
        rows = await self._database.rows(
            """
            SELECT message_id, signs FROM message_vectors
            WHERE channel_id = ? AND model = ? AND message_id < ? AND length(signs) = ?
            """,
            (channel_id, model, before, (size + 7) // 8),
        )
        return [(message_id, bits) for message_id, bits in rows]

    async def read(self, ids: Sequence[int], model: str) -> dict[int, Vector]:
        places = ", ".join("?" * len(ids))
        rows = await self._database.rows(
            f"""
            SELECT message_id, vector FROM message_vectors
            WHERE message_id IN ({places}) AND model = ?
            """,  # noqa: S608 (nothing but question marks)
            (*ids, model),
        )
        return {message_id: unpacked(data) for message_id, data in rows}


def packed(vector: Vector) -> bytes:
    return _little(array("f", vector)).tobytes()


def unpacked(data: bytes) -> Vector:
    return tuple(_little(array("f", data)))


def _little(numbers: "array[float]") -> "array[float]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
