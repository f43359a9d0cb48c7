"""Channels that wait for a profile: implements `roleplay.waiting.WaitingLine`.

Also who was told of a substitute: implements `roleplay.substitutes.ToldOfSubstitutes`.
"""

from roleplay.waiting import Held
from storage.database import Database

HELD = """
    SELECT channel_id, guild_id, parent_id, turn_id, profile, since, messages, line_id
    FROM waiting_channels
"""


class SqlWaitingLine:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel_id: int) -> Held | None:
        rows = await self._database.rows(f"{HELD} WHERE channel_id = ?", (channel_id,))
        return Held(*rows[0]) if rows else None

    async def all(self) -> list[Held]:
        return [Held(*row) for row in await self._database.rows(f"{HELD} ORDER BY since")]

    async def save(self, held: Held) -> None:
        await self._database.run(
            "INSERT OR REPLACE INTO waiting_channels VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                held.channel_id,
                held.guild_id,
                held.parent_id,
                held.turn_id,
                held.profile,
                held.since,
                held.messages,
                held.line_id,
            ),
        )

    async def remove(self, channel_id: int) -> None:
        await self._database.run("DELETE FROM waiting_channels WHERE channel_id = ?", (channel_id,))

    async def tell_of_substitute(
        self, incident_id: int, channel_id: int, guild_id: int | None
    ) -> bool:
        sql = """
            INSERT INTO substitutes_told (incident_id, channel_id, guild_id)
            SELECT id, ?, ? FROM incidents WHERE id = ?
            ON CONFLICT (incident_id, channel_id) DO NOTHING
        """
        return await self._database.run(sql, (channel_id, guild_id, incident_id)) > 0
