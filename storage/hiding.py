"""What the model does not see although it was said."""

from storage.database import Reader, Transaction, Writer

SAID = """
    (SELECT id FROM messages WHERE discord_id = ?
    UNION ALL SELECT m.id FROM parts p JOIN messages m ON m.turn_id = p.turn_id
    WHERE p.discord_id = ? AND m.role = 'assistant')
"""
"""A person's message by its Discord id, or the reply that has it as a part."""


async def hide(writer: Writer, discord_id: int, *, hidden: bool) -> bool:
    """By a person's wish; False when it is not known."""
    changed = await writer.run(
        f"UPDATE messages SET hidden = ? WHERE id IN {SAID}",  # noqa: S608 (constant)
        (int(hidden), discord_id, discord_id),
    )
    return changed > 0


async def is_hidden(reader: Reader, discord_id: int) -> bool | None:
    found = await reader.rows(
        f"SELECT hidden <> 0 FROM messages WHERE id IN {SAID}",  # noqa: S608 (constant)
        (discord_id, discord_id),
    )
    return bool(found[0][0]) if found else None


async def follow_edit(transaction: Transaction, message_id: int, *, out_of_character: bool) -> None:
    """An edit made it speech, or made it none. What a person hid stays hidden."""
    sql = "UPDATE messages SET hidden = ? WHERE id = ? AND hidden = ?"
    before, after = (0, 2) if out_of_character else (2, 0)
    await transaction.run(sql, (after, message_id, before))
