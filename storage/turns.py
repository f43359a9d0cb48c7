"""The answers owed to channels, from accepted to ended."""

from typing import Literal

from roleplay.transcript import Turn
from storage.database import Reader, Row, Statements, Transaction, Writer

TURN = """
    SELECT t.id, t.channel_id, t.guild_id, t.state, t.created_at, t.trigger_discord_id,
        t.error_code, t.error_detail, p.discord_id
    FROM turns t LEFT JOIN parts p ON p.turn_id = t.id
"""


async def turn_by_id(reader: Reader, turn_id: int) -> Turn | None:
    found = _turns(await reader.rows(f"{TURN} WHERE t.id = ? ORDER BY p.position", (turn_id,)))
    return found[0] if found else None


async def last_turn(reader: Reader, channel_id: int) -> Turn | None:
    newest = "t.id = (SELECT MAX(id) FROM turns WHERE channel_id = ?)"
    found = _turns(await reader.rows(f"{TURN} WHERE {newest} ORDER BY p.position", (channel_id,)))
    return found[0] if found else None


async def unfinished_turns(reader: Reader) -> list[Turn]:
    cut_off = "t.state IN ('accepted', 'running')"
    return _turns(await reader.rows(f"{TURN} WHERE {cut_off} ORDER BY t.id, p.position"))


async def set_trigger(transaction: Transaction, turn_id: int, discord_id: int) -> None:
    sql = "UPDATE turns SET trigger_discord_id = ? WHERE id = ?"
    await transaction.run(sql, (discord_id, turn_id))


def start_turn(turn_id: int, statements: Statements) -> Turn | None:
    """After a power cut it may be `accepted` again, which is offered again just the same."""
    started = statements.run(
        "UPDATE turns SET state = 'running' WHERE id = ? AND state = 'accepted'", (turn_id,)
    )
    if not started:
        return None
    return _turns(statements.rows(f"{TURN} WHERE t.id = ? ORDER BY p.position", (turn_id,)))[0]


async def end_turn(
    writer: Writer,
    turn_id: int,
    state: Literal["failed", "interrupted"],
    code: str,
    detail: str,
) -> None:
    sql = """
        UPDATE turns SET state = ?, error_code = ?, error_detail = ?
        WHERE id = ? AND state IN ('accepted', 'running')
    """
    await writer.run(sql, (state, code, detail, turn_id))


async def reopen_turn(writer: Writer, turn_id: int) -> bool:
    changed = await writer.run(
        """
        UPDATE turns SET state = 'accepted', reopened = 1, error_code = '', error_detail = ''
        WHERE id = ? AND state IN ('done', 'failed', 'interrupted') AND trigger_discord_id >
            COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = turns.channel_id), 0)
        """,
        (turn_id,),
    )
    return changed > 0


async def message_gone(transaction: Transaction, turn_id: int, discord_id: int) -> None:
    """A message of the turn was deleted: find the trigger of a waiting turn anew, or end it."""
    waits = await transaction.rows(
        """
        SELECT (SELECT MAX(m.discord_id) FROM messages m WHERE m.turn_id = t.id)
        FROM turns t WHERE t.id = ? AND t.state = 'accepted' AND t.trigger_discord_id = ?
        """,
        (turn_id, discord_id),
    )
    if waits and waits[0][0]:
        await set_trigger(transaction, turn_id, waits[0][0])
    elif waits:
        await end_turn(transaction, turn_id, "interrupted", "deleted", "")


def _turns(rows: list[Row]) -> list[Turn]:
    """Rows of `TURN`, a turn's own together, to turns."""
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(row[0], []).append(row)
    return [_turn(*several) for several in own.values()]


def _turn(first: Row, *more: Row) -> Turn:
    posted = tuple(row[8] for row in (first, *more) if row[8] is not None)
    return Turn(*first[:6], posted=posted, error_code=first[6], error_detail=first[7])
