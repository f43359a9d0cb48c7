"""Which characters are in a channel: implements `roleplay.casting.cast.Casts`."""

import json
from collections.abc import Callable

from roleplay.audit import ACTOR, Facts
from roleplay.casting.cast import Cast, Seat
from storage.database import Database, Reader, Row, Transaction

CAST = """
    SELECT c.channel_id, c.guild_id, c.turn_order, c.allow_self_responses, c.auto_turns,
        c.join_mode, s.character_id, s.muted, s.talkativeness
    FROM casts c LEFT JOIN channel_characters s ON s.channel_id = c.channel_id
    WHERE c.channel_id = ? ORDER BY s.position
"""


class SqlCasts:
    """Remembers what it read, as every turn of every channel asks; every write passes here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, Cast | None] = {}

    async def cast(self, channel_id: int) -> Cast | None:
        if channel_id not in self._known:
            self._known[channel_id] = await _read(self._database, channel_id)
        return self._known[channel_id]

    async def change(self, start: Cast, change: Callable[[Cast], Cast]) -> Cast:
        try:
            async with self._database.transaction() as transaction:
                before = await _read(transaction, start.channel_id)
                after = change(before if before and before.seats else start)
                await _write(transaction, after)
                await _note(transaction, after, before)
                return after
        finally:
            self._known.pop(start.channel_id, None)

    async def clear(self, channel_id: int) -> bool:
        try:
            async with self._database.transaction() as transaction:
                before = await _read(transaction, channel_id)
                await transaction.run("DELETE FROM casts WHERE channel_id = ?", (channel_id,))
                if before:
                    await _note(transaction, before, before, gone=True)
                return before is not None
        finally:
            self._known.pop(channel_id, None)

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._known.clear()


def facts_of(cast: Cast | None) -> Facts | None:
    """What the audit keeps of a channel's characters."""
    if cast is None:
        return None
    return {
        "seats": [[seat.character_id, seat.muted, seat.talkativeness] for seat in cast.seats],
        "order": cast.order,
        "allow_self_responses": cast.allow_self_responses,
        "auto_turns": cast.auto_turns,
        "join_mode": cast.join_mode,
    }


async def _note(
    transaction: Transaction, cast: Cast, before: Cast | None, *, gone: bool = False
) -> None:
    """In one entry, which triggers on two tables could not. Only where a person acts."""
    was, now = facts_of(before), None if gone else facts_of(cast)
    actor = ACTOR.get()
    if actor is None or was == now:
        return
    await transaction.run(
        """
        INSERT INTO audit (at, guild_id, actor_id, action, target, before, after)
        VALUES (clock(), ?, ?, 'characters', ?, ?, ?)
        """,
        (
            cast.guild_id,
            actor,
            str(cast.channel_id),
            was and json.dumps(was),
            now and json.dumps(now),
        ),
    )


async def _read(reader: Reader, channel_id: int) -> Cast | None:
    rows = await reader.rows(CAST, (channel_id,))
    return _cast(rows) if rows else None


def _cast(rows: list[Row]) -> Cast:
    channel_id, guild_id, order, allow_self, auto_turns, join_mode, *_ = rows[0]
    seats = tuple(Seat(row[6], bool(row[7]), row[8]) for row in rows if row[6] is not None)
    return Cast(channel_id, guild_id, seats, order, bool(allow_self), auto_turns, join_mode)


async def _write(transaction: Transaction, cast: Cast) -> None:
    await transaction.run("DELETE FROM casts WHERE channel_id = ?", (cast.channel_id,))
    await transaction.run(
        "INSERT INTO casts VALUES (?, ?, ?, ?, ?, ?)",
        (
            cast.channel_id,
            cast.guild_id,
            cast.order,
            cast.allow_self_responses,
            cast.auto_turns,
            cast.join_mode,
        ),
    )
    await transaction.run_many(
        "INSERT INTO channel_characters VALUES (?, ?, ?, ?, ?, ?)",
        [_row(cast, position, seat) for position, seat in enumerate(cast.seats)],
    )


def _row(cast: Cast, position: int, seat: Seat) -> Row:
    owner = (cast.channel_id, cast.guild_id)
    return (*owner, seat.character_id, position, seat.muted, seat.talkativeness)
