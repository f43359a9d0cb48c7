"""Summaries of channels: implements `roleplay.memory.store.Memory`."""

from roleplay.chat import ChatReply
from roleplay.memory.store import MemoryChoice, Point, Remembered, Summary
from roleplay.transcript import StoredMessage
from storage.database import Database, Transaction
from storage.usage import insert_usage

KEPT = 20
"""Summaries of a channel: an older one is in force again when what a newer covers is deleted."""

AFTER_RESET = """
    position > COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
"""

NEWEST = """
    SELECT c.enabled, COALESCE(c.profile, ''), c.guild_id, s.text, s.position, s.message_id,
        s.made_at, s.profile, s.edited_by, s.stale
    FROM (SELECT ? AS channel_id) one
    LEFT JOIN memory_choices c ON c.channel_id = one.channel_id
    LEFT JOIN summaries s ON s.id = (SELECT id FROM summaries n WHERE n.channel_id = one.channel_id
        ORDER BY n.position DESC, n.message_id DESC LIMIT 1)
"""


class SqlMemory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel_id: int, most_waiting: int = 0) -> Remembered:
        [
            (enabled, profile, guild_id, text, position, message_id, *rest)
        ] = await self._database.rows(NEWEST, (channel_id,))
        choice = MemoryChoice(
            channel_id, guild_id, None if enabled is None else bool(enabled), profile
        )
        summary = None
        if text is not None:
            made_at, by, edited_by, stale = rest
            summary = Summary(
                text, Point(position, message_id), made_at, by, edited_by, bool(stale)
            )
        point = summary.covers if summary else Point()
        waiting = await self._waiting(channel_id, point, most_waiting) if most_waiting else 0
        return Remembered(choice, summary, waiting)

    async def choose(self, choice: MemoryChoice) -> None:
        enabled = None if choice.enabled is None else int(choice.enabled)
        await self._database.run(
            """
            INSERT INTO memory_choices (channel_id, guild_id, enabled, profile) VALUES (?, ?, ?, ?)
            ON CONFLICT (channel_id) DO UPDATE SET enabled = excluded.enabled,
                profile = excluded.profile, guild_id = excluded.guild_id
            """,
            (choice.channel_id, choice.guild_id, enabled, choice.profile),
        )

    async def after(self, channel_id: int, point: Point, limit: int) -> list[StoredMessage]:
        rows = await self._database.rows(
            f"""
            SELECT id, channel_id, role, author_id, author_name, text, created_at FROM messages m
            WHERE channel_id = ? AND hidden = 0 AND (position, id) > (?, ?) AND {AFTER_RESET}
            ORDER BY position, id LIMIT ?
            """,  # noqa: S608 (constant)
            (channel_id, point.position, point.message_id, limit),
        )
        return [StoredMessage(*row) for row in rows]

    async def add(self, channel_id: int, summary: Summary, reply: ChatReply) -> bool:
        async with self._database.transaction() as transaction:
            guild_id = await _guild_of(transaction, channel_id)
            await insert_usage(
                transaction, (guild_id, channel_id), reply, summary.made_at, "summary"
            )
            stored = await _insert(transaction, channel_id, summary)
            await transaction.run(
                """
                DELETE FROM summaries WHERE channel_id = ? AND id NOT IN (
                    SELECT id FROM summaries WHERE channel_id = ?
                    ORDER BY position DESC, message_id DESC LIMIT ?)
                """,
                (channel_id, channel_id, KEPT),
            )
        return stored

    async def edit(self, channel_id: int, text: str, by: int, at: float) -> bool:
        async with self._database.transaction() as transaction:
            changed = await transaction.run(
                """
                UPDATE summaries SET text = ?, edited_by = ?, made_at = ?, stale = 0
                WHERE id = (SELECT id FROM summaries WHERE channel_id = ?
                    ORDER BY position DESC, message_id DESC LIMIT 1)
                """,
                (text, by, at, channel_id),
            )
            point = None if changed else await _last(transaction, channel_id)
            if point:
                written = Summary(text, point, at, edited_by=by)
                return await _insert(transaction, channel_id, written)
        return changed > 0

    async def drop_stale(self, channel_id: int) -> None:
        await self._database.run(
            """
            DELETE FROM summaries WHERE channel_id = ? AND edited_by = 0 AND stale = 1
            """,
            (channel_id,),
        )

    async def clear(self, channel_id: int) -> bool:
        async with self._database.transaction() as transaction:
            gone = await transaction.run(
                "DELETE FROM summaries WHERE channel_id = ?", (channel_id,)
            )
            point = await _last(transaction, channel_id)
            if point:
                await _insert(transaction, channel_id, Summary("", point, 0.0))
        return gone > 0

    async def _waiting(self, channel_id: int, point: Point, most: int) -> int:
        [(count,)] = await self._database.rows(
            f"""
            SELECT COUNT(*) FROM (SELECT 1 FROM messages m
                WHERE channel_id = ? AND hidden = 0 AND (position, id) > (?, ?) AND {AFTER_RESET}
                LIMIT ?) one
            """,  # noqa: S608 (constant)
            (channel_id, point.position, point.message_id, most),
        )
        return count


async def _insert(transaction: Transaction, channel_id: int, summary: Summary) -> bool:
    """Only where its last message is still there, and not left out by a reset."""
    stored = await transaction.run(
        f"""
        INSERT INTO summaries (channel_id, guild_id, position, message_id, text, made_at, profile,
            edited_by)
        SELECT channel_id, guild_id, position, id, ?, ?, ?, ? FROM messages m
        WHERE id = ? AND channel_id = ? AND {AFTER_RESET}
        ON CONFLICT (channel_id, position, message_id) DO UPDATE SET text = excluded.text,
            made_at = excluded.made_at, profile = excluded.profile, stale = 0,
            edited_by = excluded.edited_by
        """,  # noqa: S608 (constant)
        (
            summary.text,
            summary.made_at,
            summary.profile,
            summary.edited_by,
            summary.covers.message_id,
            channel_id,
        ),
    )
    return stored > 0


async def _last(transaction: Transaction, channel_id: int) -> Point | None:
    found = await transaction.rows(
        f"""
        SELECT position, id FROM messages m WHERE channel_id = ? AND hidden = 0 AND {AFTER_RESET}
        ORDER BY position DESC, id DESC LIMIT 1
        """,  # noqa: S608 (constant)
        (channel_id,),
    )
    return Point(*found[0]) if found else None


async def _guild_of(transaction: Transaction, channel_id: int) -> int | None:
    found = await transaction.rows(
        "SELECT guild_id FROM messages WHERE channel_id = ? LIMIT 1", (channel_id,)
    )
    return found[0][0] if found else None
