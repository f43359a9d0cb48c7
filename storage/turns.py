"""The answers owed to channels, from accepted to ended."""

from typing import Literal

from roleplay.transcript import Turn, TurnRequest
from storage.database import Reader, Row, Statements, Transaction, Writer

TURN = """
    SELECT t.id, t.channel_id, t.guild_id, t.state, t.created_at, t.trigger_discord_id,
        t.error_code, t.error_detail, t.kind, t.character_id, t.requested_by, t.continues, t.choice,
        t.place, t.hint, p.discord_id
    FROM turns t LEFT JOIN parts p ON p.turn_id = t.id
"""


async def turn_by_id(reader: Reader, turn_id: int) -> Turn | None:
    found = turns_of(await reader.rows(f"{TURN} WHERE t.id = ? ORDER BY p.position", (turn_id,)))
    return found[0] if found else None


async def last_turn(reader: Reader, channel_id: int) -> Turn | None:
    """A turn of a round that ended before its speaker's first word was never seen by anybody."""
    newest = """t.id = (SELECT n.id FROM turns n WHERE n.channel_id = ? AND NOT (n.place > 0
        AND n.state = 'interrupted' AND NOT EXISTS (SELECT 1 FROM parts WHERE turn_id = n.id))
        ORDER BY n.id DESC LIMIT 1)"""
    found = turns_of(await reader.rows(f"{TURN} WHERE {newest} ORDER BY p.position", (channel_id,)))
    return found[0] if found else None


async def turn_of(reader: Reader, discord_id: int) -> Turn | None:
    """By a part of its reply, or by a person's message."""
    found = await reader.rows(
        """
        SELECT turn_id FROM parts WHERE discord_id = ?
        UNION ALL SELECT turn_id FROM messages WHERE discord_id = ? AND turn_id IS NOT NULL
        """,
        (discord_id, discord_id),
    )
    return await turn_by_id(reader, found[0][0]) if found else None


async def asked_by(reader: Reader, turn_id: int) -> list[int]:
    rows = await reader.rows(
        "SELECT discord_id FROM messages WHERE turn_id = ? AND role = 'user' ORDER BY position",
        (turn_id,),
    )
    return [discord_id for (discord_id,) in rows]


async def queue_turn(transaction: Transaction, request: TurnRequest) -> int:
    return await transaction.insert(
        """
        INSERT INTO turns (channel_id, guild_id, state, sealed, created_at, trigger_discord_id,
            kind, character_id, requested_by, choice, hint)
        VALUES (?, ?, 'accepted', 1, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            request.channel_id,
            request.guild_id,
            request.created_at,
            request.trigger_discord_id,
            request.kind,
            request.character_id,
            request.requested_by,
            request.choice,
            request.hint,
        ),
    )


async def assign(writer: Writer, turn_id: int, character_id: int) -> None:
    await writer.run("UPDATE turns SET character_id = ? WHERE id = ?", (character_id, turn_id))


async def unfinished_turns(reader: Reader) -> list[Turn]:
    cut_off = "t.state IN ('accepted', 'running')"
    return turns_of(await reader.rows(f"{TURN} WHERE {cut_off} ORDER BY t.id, p.position"))


def start_turn(turn_id: int, statements: Statements) -> Turn | None:
    """After a power cut it may be `accepted` again, which is offered again just the same."""
    started = statements.run(
        "UPDATE turns SET state = 'running' WHERE id = ? AND state = 'accepted'", (turn_id,)
    )
    if not started:
        return None
    return turns_of(statements.rows(f"{TURN} WHERE t.id = ? ORDER BY p.position", (turn_id,)))[0]


async def close_turn(transaction: Transaction, turn_id: int) -> None:
    """Its reply is stored; the next try, if any, begins anew."""
    await transaction.run(
        """
        UPDATE turns SET state = 'done', continues = 0, error_code = '', error_detail = ''
        WHERE id = ?
        """,
        (turn_id,),
    )


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


async def reopen_turn(writer: Writer, turn_id: int, *, continues: bool) -> bool:
    changed = await writer.run(
        """
        UPDATE turns SET state = 'accepted', sealed = 1, continues = ?, error_code = '',
            error_detail = ''
        WHERE id = ? AND state IN ('done', 'failed', 'interrupted') AND trigger_discord_id >
            COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = turns.channel_id), 0)
        """,
        (int(continues), turn_id),
    )
    return changed > 0


async def message_gone(transaction: Transaction, channel_id: int, discord_id: int) -> None:
    """A message was deleted: find the trigger of a turn that waits for it anew, or end the turn.

    Those that have no other message end with it.
    """
    waits = await transaction.rows(
        """
        SELECT t.id, (SELECT m.discord_id FROM messages m
            WHERE m.turn_id = t.id AND m.role = 'user' ORDER BY m.position DESC LIMIT 1)
        FROM turns t WHERE t.state IN ('accepted', 'running') AND t.state = 'accepted'
            AND t.channel_id = ? AND t.trigger_discord_id = ?
        """,
        (channel_id, discord_id),
    )
    for waiting, left in waits:
        if left is None:
            await end_turn(transaction, waiting, "interrupted", "deleted", "")
        else:
            await _set_trigger(transaction, waiting, left)


async def _set_trigger(transaction: Transaction, turn_id: int, discord_id: int) -> None:
    await transaction.run(
        """
        UPDATE turns SET trigger_discord_id = ?,
            requested_by = (SELECT author_id FROM messages WHERE discord_id = ?)
        WHERE id = ?
        """,
        (discord_id, discord_id, turn_id),
    )


def turns_of(rows: list[Row]) -> list[Turn]:
    """Rows of `TURN`, a turn's own together, to turns."""
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(row[0], []).append(row)
    return [_turn(*several) for several in own.values()]


def _turn(first: Row, *more: Row) -> Turn:
    posted = tuple(row[-1] for row in (first, *more) if row[-1] is not None)
    error_code, error_detail, kind, character_id, requested_by, continues, choice, place, hint = (
        first[6:-1]
    )
    return Turn(
        *first[:6],
        posted=posted,
        error_code=error_code,
        error_detail=error_detail,
        kind=kind,
        character_id=character_id,
        requested_by=requested_by,
        continues=bool(continues),
        choice=choice,
        place=place,
        hint=hint,
    )
