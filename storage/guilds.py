"""What is kept of one server, as a whole."""

from storage.bindings import SqlBindings
from storage.casts import SqlCasts
from storage.characters import SqlCharacters
from storage.database import Database

PURGE = (
    "DELETE FROM messages WHERE guild_id = ?",
    "DELETE FROM turns WHERE guild_id = ?",
    "DELETE FROM resets WHERE guild_id = ?",
    "DELETE FROM incident_notices WHERE guild_id = ?",
    "DELETE FROM notice_posts WHERE guild_id = ?",
    "DELETE FROM usage WHERE guild_id = ?",
    "DELETE FROM status_panels WHERE guild_id = ?",
    "DELETE FROM casts WHERE guild_id = ?",
    "DELETE FROM characters WHERE guild_id = ?",
    "DELETE FROM channels WHERE guild_id = ?",
    "DELETE FROM webhooks WHERE guild_id = ?",
    "DELETE FROM voiced WHERE guild_id = ?",
    "DELETE FROM guilds WHERE guild_id = ?",
)
"""Messages before turns: they refer to them. Variants, parts and counts go with these, and a
channel's characters with its cast, a character's files with it."""


class SqlGuilds:
    """Raises `StorageError` from any method."""

    def __init__(
        self,
        database: Database,
        bindings: SqlBindings,
        casts: SqlCasts,
        characters: SqlCharacters,
    ) -> None:
        self._database = database
        self._bindings = bindings
        self._casts = casts
        self._characters = characters

    async def forget(self, guild_id: int) -> None:
        """Remove all of a server that the bot has left: conversations, bindings and notices."""
        try:
            async with self._database.transaction() as transaction:
                for statement in PURGE:
                    await transaction.run(statement, (guild_id,))
        finally:
            self._bindings.forget()
            self._casts.forget()
            self._characters.forget()
