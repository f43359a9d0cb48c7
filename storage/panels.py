"""Where the live status panels stand: one a server."""

from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A Discord message that shows a server's status."""

    guild_id: int
    channel_id: int
    message_id: int


class SqlPanels:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[PlacedPanel]:
        rows = await self._database.rows(
            "SELECT guild_id, channel_id, message_id FROM status_panels ORDER BY guild_id"
        )
        return [PlacedPanel(*row) for row in rows]

    async def of(self, guild_id: int) -> PlacedPanel | None:
        rows = await self._database.rows(
            "SELECT guild_id, channel_id, message_id FROM status_panels WHERE guild_id = ?",
            (guild_id,),
        )
        return PlacedPanel(*rows[0]) if rows else None

    async def save(self, panel: PlacedPanel) -> None:
        """Create or replace."""
        await self._database.run(
            """
            INSERT INTO status_panels (guild_id, channel_id, message_id) VALUES (?, ?, ?)
            ON CONFLICT (guild_id) DO UPDATE SET channel_id = excluded.channel_id,
                message_id = excluded.message_id
            """,
            (panel.guild_id, panel.channel_id, panel.message_id),
        )

    async def remove(self, guild_id: int) -> None:
        await self._database.run("DELETE FROM status_panels WHERE guild_id = ?", (guild_id,))
