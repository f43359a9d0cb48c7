"""Which servers the bot has left, and when."""

from collections.abc import Collection

from storage.database import Database

KNOWN = """
    SELECT guild_id FROM guilds UNION SELECT guild_id FROM channels
    UNION SELECT guild_id FROM characters WHERE guild_id IS NOT NULL
"""
"""Servers with a setting, a bound channel or a character: others have nothing to come back to."""


class SqlDepartures:
    """Raises `StorageError` from any method. `at` is seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def left(self, guild_id: int, at: float) -> None:
        """Note it once: the first time counts."""
        await self._database.run(
            "INSERT INTO departures VALUES (?, ?) ON CONFLICT (guild_id) DO NOTHING",
            (guild_id, at),
        )

    async def here(self, guild_ids: Collection[int], at: float) -> None:
        """These are all the servers that the bot is in: it came back, or left while it was off."""
        async with self._database.transaction() as transaction:
            known = {row[0] for row in await transaction.rows(KNOWN)}
            await transaction.run_many(
                "DELETE FROM departures WHERE guild_id = ?", [(each,) for each in guild_ids]
            )
            await transaction.run_many(
                "INSERT INTO departures VALUES (?, ?) ON CONFLICT (guild_id) DO NOTHING",
                [(each, at) for each in known.difference(guild_ids)],
            )

    async def came_back(self, guild_id: int) -> None:
        await self._database.run("DELETE FROM departures WHERE guild_id = ?", (guild_id,))

    async def before(self, at: float) -> list[int]:
        rows = await self._database.rows(
            "SELECT guild_id FROM departures WHERE left_at <= ? ORDER BY guild_id", (at,)
        )
        return [row[0] for row in rows]
