"""Whose a reply is: implements `roleplay.ownership.Ownership`."""

from roleplay.ownership import Authorship
from storage.database import Database

BEHIND = """
    SELECT p.discord_id, t.channel_id, t.guild_id, t.id, COALESCE(t.character_id, 0),
        COALESCE(m.author_name, ''), COALESCE(p.text, ''), COALESCE(v.served_by, ''),
        COALESCE(v.model, '')
    FROM parts p JOIN turns t ON t.id = p.turn_id
    LEFT JOIN messages m ON m.turn_id = t.id AND m.role = 'assistant'
    LEFT JOIN variants v ON v.message_id = m.id AND v.number = m.variant
    WHERE p.discord_id = ?
"""
ANSWERED = """
    SELECT requested_by FROM turns WHERE id = ?
    UNION SELECT author_id FROM messages WHERE turn_id = ? AND role = 'user'
"""


class SqlOwnership:
    """Read only; `storage.transcript` writes what this reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def behind(self, discord_id: int) -> Authorship | None:
        found = await self._database.rows(BEHIND, (discord_id,))
        if not found:
            return None
        part, channel, guild, turn_id, character, name, text, served_by, model = found[0]
        people = await self._database.rows(ANSWERED, (turn_id, turn_id))
        parts = await self._database.rows(
            "SELECT discord_id FROM parts WHERE turn_id = ? ORDER BY position", (turn_id,)
        )
        return Authorship(
            discord_id=part,
            channel_id=channel,
            guild_id=guild,
            turn_id=turn_id,
            character_id=character,
            character=name,
            text=text,
            answered=frozenset(person for (person,) in people if person),
            parts=tuple(each for (each,) in parts),
            served_by=served_by,
            model=model,
        )
