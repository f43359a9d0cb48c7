"""A channel's history up to a message, copied into another channel."""

from functools import partial

from storage.database import Database, Statements
from storage.hiding import SAID

UP_TO = f"""
    SELECT m.id FROM messages m
    JOIN messages last ON last.id IN {SAID} AND last.channel_id = m.channel_id
    WHERE (m.position, m.id) <= (last.position, last.id) AND m.position >
        COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
    ORDER BY m.position DESC, m.id DESC LIMIT ?
"""  # noqa: S608 (constants)

TIMERS = """
    INSERT INTO lore_timers (channel_id, guild_id, entry_key, message_id, lasts)
    SELECT ?, t.guild_id, t.entry_key, ?, t.lasts FROM lore_timers t
    WHERE t.message_id = ? AND t.channel_id = (SELECT channel_id FROM messages WHERE id = ?)
"""
"""What entries do since a message begins anew at its copy."""


async def branch(database: Database, discord_id: int, into: int, limit: int) -> int:
    """See `roleplay.transcript.Transcript.branch`."""
    return await database.at_once(partial(_copy, discord_id, into, limit))


def _copy(discord_id: int, into: int, limit: int, statements: Statements) -> int:
    rows = statements.rows(UP_TO, (discord_id, discord_id, limit))
    for (message_id,) in reversed(rows):
        copy_id = _copy_one(statements, into, message_id)
        statements.run(TIMERS, (into, copy_id, message_id, message_id))
    return len(rows)


def _copy_one(statements: Statements, into: int, message_id: int) -> int:
    """A copy of a copy follows the first original, for that is what its writer can delete."""
    copy_id = statements.insert(
        """
        INSERT INTO messages (channel_id, guild_id, position, role, author_id, author_name, text,
            created_at, character_id, hidden, copied_from)
        SELECT ?, guild_id, position, role, author_id, author_name, text, created_at, character_id,
            hidden, CASE WHEN role = 'user' THEN COALESCE(copied_from, id) END
        FROM messages WHERE id = ?
        """,
        (into, message_id),
    )
    statements.run(
        """
        INSERT INTO token_counts (message_id, tokenizer, tokens)
        SELECT ?, tokenizer, tokens FROM token_counts WHERE message_id = ?
        """,
        (copy_id, message_id),
    )
    return copy_id
