"""What the bot said: one message per turn, its variants, and its parts in Discord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from roleplay.chat import ChatReply
from roleplay.errors import StorageError
from roleplay.phrases import say
from roleplay.transcript import Part
from storage.database import Reader, Transaction
from storage.usage import record_usage

MOST_REASONING = 20_000
"""Characters of a reply's reasoning that are kept."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Who said a reply, and when (seconds since 1970)."""

    by: str
    character_id: int
    at: float


async def store_reply(
    transaction: Transaction, turn_id: int, reply: ChatReply, saying: Saying
) -> int:
    """Add the text as the active variant of the turn's message, made here when it has none.

    The reply's alternatives become further variants. A turn that continues changes its active
    variant instead.

    Raises:
        StorageError: the turn is not there: its server's data were removed meanwhile.
    """
    place = await _place(transaction, turn_id)
    if place.continues and place.message_id is not None:
        await _lengthen(transaction, place.message_id, reply)
        message_id = place.message_id
    else:
        message_id = await _add_variant(transaction, turn_id, place, reply, saying)
    await record_usage(transaction, turn_id, reply, saying.at)
    return message_id


async def set_active(transaction: Transaction, message_id: int, number: int, text: str) -> None:
    await transaction.run(
        "UPDATE messages SET text = ?, variant = ? WHERE id = ?", (text, number, message_id)
    )
    await forget_counts(transaction, message_id)


async def replace_parts(transaction: Transaction, turn_id: int, parts: Sequence[Part]) -> None:
    await transaction.run("DELETE FROM parts WHERE turn_id = ?", (turn_id,))
    await transaction.run_many(
        "INSERT INTO parts (discord_id, turn_id, position, text) VALUES (?, ?, ?, ?)",
        [(part.discord_id, turn_id, position, part.text) for position, part in enumerate(parts)],
    )


async def edit_part(transaction: Transaction, discord_id: int, text: str) -> bool:
    """False when it is no part of a finished reply."""
    found = await transaction.rows(
        "SELECT turn_id, text FROM parts WHERE discord_id = ? AND text IS NOT NULL", (discord_id,)
    )
    if not found:
        return False
    turn_id, before = found[0]
    if text != before:
        await transaction.run("UPDATE parts SET text = ? WHERE discord_id = ?", (text, discord_id))
        await _follow_parts(transaction, turn_id)
    return True


async def delete_part(transaction: Transaction, discord_id: int) -> bool:
    found = await transaction.rows(
        "SELECT turn_id, text IS NOT NULL FROM parts WHERE discord_id = ?", (discord_id,)
    )
    if not found:
        return False
    await transaction.run("DELETE FROM parts WHERE discord_id = ?", (discord_id,))
    if found[0][1]:
        await _follow_parts(transaction, found[0][0])
    return True


async def last_reasoning(reader: Reader, channel_id: int) -> str:
    """Of the active variant of the channel's newest reply since the last reset."""
    found = await reader.rows(
        """
        SELECT v.reasoning FROM messages m
        JOIN variants v ON v.message_id = m.id AND v.number = m.variant
        WHERE m.channel_id = ? AND m.role = 'assistant' AND m.position >
            COALESCE((SELECT position FROM resets WHERE channel_id = m.channel_id), 0)
        ORDER BY m.position DESC, m.id DESC LIMIT 1
        """,
        (channel_id,),
    )
    return str(found[0][0]) if found else ""


async def forget_counts(transaction: Transaction, message_id: int) -> None:
    await transaction.run("DELETE FROM token_counts WHERE message_id = ?", (message_id,))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a turn's next text goes: its message, None where it has none, and a free number."""

    message_id: int | None
    number: int
    continues: bool


async def _place(transaction: Transaction, turn_id: int) -> _Place:
    found = await transaction.rows(
        """
        SELECT m.id,
            COALESCE((SELECT MAX(v.number) + 1 FROM variants v WHERE v.message_id = m.id), 0),
            t.continues
        FROM turns t LEFT JOIN messages m ON m.turn_id = t.id AND m.role = 'assistant'
        WHERE t.id = ?
        """,
        (turn_id,),
    )
    if not found:
        raise StorageError(say("The turn {turn} is not stored any more.", turn=turn_id))
    message_id, number, continues = found[0]
    return _Place(message_id, number, bool(continues))


async def _add_variant(
    transaction: Transaction, turn_id: int, place: _Place, reply: ChatReply, saying: Saying
) -> int:
    message_id, number = place.message_id, place.number
    if message_id is None:
        message_id = await _new_message(transaction, turn_id, reply.text, saying)
    else:
        await set_active(transaction, message_id, number, reply.text)
        await transaction.run(
            "UPDATE messages SET author_name = ?, character_id = ? WHERE id = ?",
            (saying.by, saying.character_id, message_id),
        )
    await _new_variant(transaction, message_id, number, reply, saying.at)
    for further, text in enumerate(reply.alternatives, number + 1):
        other = replace(reply, text=text, usage=None, reasoning="")
        await _new_variant(transaction, message_id, further, other, saying.at)
    return message_id


async def _lengthen(transaction: Transaction, message_id: int, reply: ChatReply) -> None:
    ((number, thought),) = await transaction.rows(
        """
        SELECT v.number, v.reasoning FROM messages m
        JOIN variants v ON v.message_id = m.id AND v.number = m.variant WHERE m.id = ?
        """,
        (message_id,),
    )
    await set_active(transaction, message_id, number, reply.text)
    reasoning = "\n\n".join(part for part in (thought, reply.reasoning) if part)
    await transaction.run(
        """
        UPDATE variants SET text = ?, finish_reason = ?, reasoning = ?
        WHERE message_id = ? AND number = ?
        """,
        (reply.text, reply.finish_reason, reasoning[:MOST_REASONING], message_id, number),
    )


async def _new_message(transaction: Transaction, turn_id: int, text: str, saying: Saying) -> int:
    return await transaction.insert(
        """
        INSERT INTO messages (channel_id, guild_id, position, turn_id, role, author_id, author_name,
            text, created_at, character_id)
        SELECT channel_id, guild_id, trigger_discord_id, id, 'assistant', 0, ?, ?, ?, ?
        FROM turns WHERE id = ?
        """,
        (saying.by, text, saying.at, saying.character_id, turn_id),
    )


async def _new_variant(
    transaction: Transaction, message_id: int, number: int, reply: ChatReply, at: float
) -> None:
    counted = reply.usage if reply.usage and not reply.usage.estimated else None
    await transaction.run(
        """
        INSERT INTO variants (message_id, number, text, created_at, finish_reason, served_by, model,
            prompt_tokens, completion_tokens, reasoning)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            message_id,
            number,
            reply.text,
            at,
            reply.finish_reason,
            reply.served_by,
            reply.model,
            counted.prompt_tokens if counted else None,
            counted.completion_tokens if counted else None,
            reply.reasoning[:MOST_REASONING],
        ),
    )


async def _follow_parts(transaction: Transaction, turn_id: int) -> None:
    """Make the reply's active text what its parts say, or let it go with its last part."""
    left = await transaction.rows(
        "SELECT text FROM parts WHERE turn_id = ? AND text IS NOT NULL ORDER BY position",
        (turn_id,),
    )
    if not left:
        await transaction.run(
            "DELETE FROM messages WHERE turn_id = ? AND role = 'assistant'", (turn_id,)
        )
        return
    text = "\n".join(part for (part,) in left)
    ((message_id, number),) = await transaction.rows(
        "SELECT id, variant FROM messages WHERE turn_id = ? AND role = 'assistant'", (turn_id,)
    )
    await transaction.run("UPDATE messages SET text = ? WHERE id = ?", (text, message_id))
    await transaction.run(
        "UPDATE variants SET text = ? WHERE message_id = ? AND number = ?",
        (text, message_id, number),
    )
    await forget_counts(transaction, message_id)
