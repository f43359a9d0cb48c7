"""Which characters are in a channel: implements `roleplay.casting.cast.Casts`."""

from collections.abc import Callable

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
                return after
        finally:
            self._known.pop(start.channel_id, None)

    async def clear(self, channel_id: int) -> bool:
        try:
            sql = "DELETE FROM casts WHERE channel_id = ?"
            return await self._database.run(sql, (channel_id,)) > 0
        finally:
            self._known.pop(channel_id, None)

    async def channels_with(self, character_id: int) -> list[int]:
        rows = await self._database.rows(
            "SELECT channel_id FROM channel_characters WHERE character_id = ? ORDER BY channel_id",
            (character_id,),
        )
        return [channel_id for (channel_id,) in rows]

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._known.clear()


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
