"""How many characters a server may have, and under which names."""

from itertools import count

from roleplay.errors import CardError
from roleplay.phrases import say
from storage.database import Transaction

MOST = 1000
"""Characters of one server."""

MOST_BYTES = 500 * 1024 * 1024
"""Of the pictures and other files of one server's characters."""

KEPT = """
    SELECT COUNT(*), COALESCE(SUM(LENGTH(picture)), 0) + (
        SELECT COALESCE(SUM(LENGTH(data)), 0) FROM character_files JOIN characters
            ON characters.id = character_id WHERE guild_id = ?
    ) FROM characters WHERE guild_id = ?
"""


def key_of(name: str) -> str:
    """What two names that count as the same have in common."""
    return " ".join(name.casefold().split())


async def refuse_too_many(at: Transaction, guild_id: int | None, *, more: int = 1) -> None:
    """`more`: characters that are to come. Of the shared ones the owner may have any number."""
    if guild_id is None:
        return
    [(found, size)] = await at.rows(KEPT, (guild_id, guild_id))
    if found + more > MOST or size >= MOST_BYTES:
        raise CardError(
            say(
                "This server has {count} characters of {size} MB; it may have {most} of {room} MB.",
                count=found,
                size=size // 1024**2,
                most=MOST,
                room=MOST_BYTES // 1024**2,
            ),
            hint=say("Remove one with /character remove."),
        )


async def refuse_taken(at: Transaction, name: str, guild_id: int | None, *, but: int) -> None:
    rows = await at.rows(
        "SELECT name_key FROM characters WHERE guild_id IS ? AND id <> ?", (guild_id, but)
    )
    taken = {key for (key,) in rows}
    if key_of(name) not in taken:
        return
    free = next(
        f"{name} {number}" for number in count(2) if key_of(f"{name} {number}") not in taken
    )
    raise CardError(
        say("There is a character called “{name}” already.", name=name),
        hint=say("Choose another name, say “{free}”, or remove the other one first.", free=free),
    )
