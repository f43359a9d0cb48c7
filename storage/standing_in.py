"""One Discord message takes the place of another: a proxy that of its original."""

from roleplay.transcript import IncomingMessage
from storage.database import Transaction
from storage.replies import forget_counts


async def stand_in(
    transaction: Transaction, original_id: int, message: IncomingMessage, *, hidden: int
) -> bool:
    """See `roleplay.transcript.Transcript.stand_in`."""
    found = await transaction.rows(
        "SELECT id FROM messages WHERE discord_id = ? AND channel_id = ?",
        (original_id, message.channel_id),
    )
    if not found:
        return False
    new = message.discord_id
    await transaction.run(
        """
        UPDATE messages SET discord_id = ?, position = ?, author_name = ?, text = ?, hidden = ?
        WHERE id = ?
        """,
        (new, new, message.author_name, message.text, hidden, found[0][0]),
    )
    await forget_counts(transaction, found[0][0])
    here = (original_id, message.channel_id)
    await transaction.run(
        """
        UPDATE messages SET position = ? WHERE role = 'assistant' AND turn_id IN
            (SELECT id FROM turns WHERE trigger_discord_id = ? AND channel_id = ?)
        """,
        (new, *here),
    )
    await transaction.run(
        "UPDATE turns SET trigger_discord_id = ? WHERE trigger_discord_id = ? AND channel_id = ?",
        (new, *here),
    )
    return True
