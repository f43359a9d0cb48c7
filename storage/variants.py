"""The texts a reply has had: which one stands, another one, and one fewer."""

from collections.abc import Sequence

from roleplay.transcript import Part, StoredReply
from storage.database import Reader, Row, Transaction
from storage.replies import replace_parts, set_active

REPLY = """
    SELECT m.id, m.turn_id, m.channel_id, t.kind, m.character_id, m.author_name, m.text, m.variant,
        (SELECT COUNT(*) FROM variants v WHERE v.message_id = m.id),
        NOT EXISTS (SELECT 1 FROM messages n WHERE n.channel_id = m.channel_id
            AND (n.position, n.id) > (m.position, m.id) AND n.hidden = 0)
    FROM messages m JOIN turns t ON t.id = m.turn_id
    WHERE m.role = 'assistant' AND m.position >
        COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
"""


async def reply_of(reader: Reader, turn_id: int) -> StoredReply | None:
    return _reply(await reader.rows(f"{REPLY} AND m.turn_id = ?", (turn_id,)))


async def last_reply(reader: Reader, channel_id: int) -> StoredReply | None:
    newest = "AND m.channel_id = ? ORDER BY m.position DESC, m.id DESC LIMIT 1"
    return _reply(await reader.rows(f"{REPLY} {newest}", (channel_id,)))


async def variant_text(reader: Reader, turn_id: int, number: int) -> str | None:
    found = await reader.rows(
        """
        SELECT v.text FROM variants v JOIN messages m ON m.id = v.message_id
        WHERE m.turn_id = ? AND m.role = 'assistant' AND v.number = ?
        """,
        (turn_id, number),
    )
    return found[0][0] if found else None


async def choose_variant(
    transaction: Transaction, turn_id: int, number: int, parts: Sequence[Part]
) -> bool:
    reply = await reply_of(transaction, turn_id)
    text = await variant_text(transaction, turn_id, number)
    if reply is None or text is None:
        return False
    await set_active(transaction, reply.message_id, number, text)
    await replace_parts(transaction, turn_id, parts)
    return True


async def drop_variant(transaction: Transaction, turn_id: int, parts: Sequence[Part]) -> bool:
    """The numbers of those after it move down, so that there is never a gap."""
    reply = await reply_of(transaction, turn_id)
    if reply is None or reply.count < 2:
        return False
    await transaction.run(
        "DELETE FROM variants WHERE message_id = ? AND number = ?",
        (reply.message_id, reply.number),
    )
    for number in range(reply.number + 1, reply.count):
        await transaction.run(
            "UPDATE variants SET number = ? WHERE message_id = ? AND number = ?",
            (number - 1, reply.message_id, number),
        )
    return await choose_variant(transaction, turn_id, max(0, reply.number - 1), parts)


def _reply(rows: list[Row]) -> StoredReply | None:
    return StoredReply(*rows[0][:-1], is_last=bool(rows[0][-1])) if rows else None
