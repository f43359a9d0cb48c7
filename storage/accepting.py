"""A message comes in: stored once, and in the turn that will answer it."""

from dataclasses import replace

from roleplay.transcript import IncomingMessage, Turn
from storage.database import Statements

ASIDE = 2
"""`messages.hidden` of what is out of character."""


def accept(
    message: IncomingMessage,
    statements: Statements,
    *,
    wants_reply: bool,
    out_of_character: bool,
) -> Turn | None:
    """See `roleplay.transcript.Transcript.accept`."""
    known, turn = waiting_turn(statements, message)
    if known:
        return None
    if not wants_reply:
        _insert(statements, message, None, ASIDE if out_of_character else 0)
        return None
    if turn is None:
        turn = new_turn(statements, message)
    elif message.discord_id > turn.trigger_discord_id:
        set_trigger(statements, turn.id, message)
        turn = replace(turn, trigger_discord_id=message.discord_id, requested_by=message.author_id)
    if message.addressed_character_id is not None:
        _address(statements, turn.id, message.addressed_character_id)
    _insert(statements, message, turn.id, ASIDE if out_of_character else 0)
    return turn


def waiting_turn(statements: Statements, message: IncomingMessage) -> tuple[bool, Turn | None]:
    """Whether the message is stored already, and the turn that it would join."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM messages WHERE discord_id = ?),
            t.id, t.channel_id, t.guild_id, t.state, t.created_at, t.trigger_discord_id
        FROM (SELECT 1 AS one) once
        LEFT JOIN turns t ON t.channel_id = ? AND t.state = 'accepted' AND t.sealed = 0
    """
    (known, turn_id, *rest), *_ = statements.rows(sql, (message.discord_id, message.channel_id))
    return bool(known), Turn(turn_id, *rest) if turn_id else None


def new_turn(statements: Statements, message: IncomingMessage) -> Turn:
    turn_id = statements.insert(
        """
        INSERT INTO turns (channel_id, guild_id, state, created_at, trigger_discord_id,
            requested_by)
        VALUES (?, ?, 'accepted', ?, ?, ?)
        """,
        (
            message.channel_id,
            message.guild_id,
            message.created_at,
            message.discord_id,
            message.author_id,
        ),
    )
    return Turn(
        id=turn_id,
        channel_id=message.channel_id,
        guild_id=message.guild_id,
        state="accepted",
        created_at=message.created_at,
        trigger_discord_id=message.discord_id,
        requested_by=message.author_id,
    )


def set_trigger(statements: Statements, turn_id: int, message: IncomingMessage) -> None:
    sql = "UPDATE turns SET trigger_discord_id = ?, requested_by = ? WHERE id = ?"
    statements.run(sql, (message.discord_id, message.author_id, turn_id))


def _address(statements: Statements, turn_id: int, character_id: int) -> None:
    sql = "UPDATE turns SET addressed = ? WHERE id = ?"
    statements.run(sql, (character_id, turn_id))


def _insert(
    statements: Statements, message: IncomingMessage, turn_id: int | None, hidden: int
) -> None:
    statements.run(
        """
        INSERT INTO messages (channel_id, guild_id, position, discord_id, turn_id, role, author_id,
            author_name, text, created_at, hidden)
        VALUES (?, ?, ?, ?, ?, 'user', ?, ?, ?, ?, ?)
        """,
        (
            message.channel_id,
            message.guild_id,
            message.discord_id,
            message.discord_id,
            turn_id,
            message.author_id,
            message.author_name,
            message.text,
            message.created_at,
            hidden,
        ),
    )
