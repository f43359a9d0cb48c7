"""What is kept of one server, as a whole."""

from collections.abc import Iterable
from typing import Protocol

from storage.database import Database
from storage.search import SqlMoments

PURGE = (
    "DELETE FROM messages WHERE guild_id = ?",
    "DELETE FROM turns WHERE guild_id = ?",
    "DELETE FROM resets WHERE guild_id = ?",
    "DELETE FROM incident_notices WHERE guild_id = ?",
    "DELETE FROM notice_posts WHERE guild_id = ?",
    "DELETE FROM scenes WHERE guild_id = ?",
    "DELETE FROM summaries WHERE guild_id = ?",
    "DELETE FROM memory_choices WHERE guild_id = ?",
    "DELETE FROM usage WHERE guild_id = ?",
    "DELETE FROM waiting_channels WHERE guild_id = ?",
    "DELETE FROM substitutes_told WHERE guild_id = ?",
    "DELETE FROM status_panels WHERE guild_id = ?",
    "DELETE FROM casts WHERE guild_id = ?",
    "DELETE FROM characters WHERE guild_id = ?",
    "DELETE FROM channels WHERE guild_id = ?",
    "DELETE FROM webhooks WHERE guild_id = ?",
    "DELETE FROM persona_choices WHERE guild_id = ?",
    "DELETE FROM voiced WHERE guild_id = ?",
    "DELETE FROM notes WHERE guild_id = ?",
    "DELETE FROM instructions WHERE guild_id = ?",
    "DELETE FROM forgetting_told WHERE guild_id = ?",
    "DELETE FROM lorebook_links WHERE guild_id = ?",
    "DELETE FROM lorebooks WHERE guild_id = ?",
    "DELETE FROM lore_timers WHERE guild_id = ?",
    "DELETE FROM channel_presets WHERE guild_id = ?",
    "DELETE FROM presets WHERE guild_id = ?",
    "DELETE FROM limits WHERE guild_id = ?",
    "DELETE FROM audit WHERE guild_id = ?",
    "DELETE FROM spending WHERE guild_id = ?",
    "DELETE FROM guilds WHERE guild_id = ?",
    "DELETE FROM departures WHERE guild_id = ?",
)
"""Messages before turns: they refer to them. Variants, parts and counts go with these, and a
channel's characters with its cast, a character's files with it."""


class Remembering(Protocol):
    """A store that keeps what it has read."""

    def forget(self) -> None: ...


class SqlGuilds:
    """Raises `StorageError` from any method."""

    def __init__(
        self, database: Database, remembering: Iterable[Remembering], moments: SqlMoments
    ) -> None:
        self._database = database
        self._moments = moments
        self._remembering = tuple(remembering)

    async def forget(self, guild_id: int) -> None:
        """Remove all of a server that the bot has left: conversations, bindings and notices."""
        try:
            async with self._database.transaction() as transaction:
                for statement in PURGE:
                    await transaction.run(statement, (guild_id,))
        finally:
            for store in self._remembering:
                store.forget()
        await self._moments.tidy()
