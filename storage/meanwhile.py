"""What became of messages while a profile was down."""

from collections.abc import Collection, Mapping

from storage.database import Database


class SqlMeanwhile:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answered_by_others(
        self, guild_id: int, profiles: Collection[str], since: float, until: float
    ) -> Mapping[int, int]:
        """Replies that none of these profiles wrote, by channel."""
        rows = await self._database.rows(
            """
            SELECT channel_id, profile, COUNT(*) FROM usage
            WHERE guild_id = ? AND at >= ? AND at <= ? GROUP BY channel_id, profile
            """,
            (guild_id, since, until),
        )
        found: dict[int, int] = {}
        for channel_id, profile, count in rows:
            if profile not in profiles:
                found[channel_id] = found.get(channel_id, 0) + count
        return found

    async def unanswered(self, guild_id: int, since: float, until: float) -> Mapping[int, int]:
        """Turns that failed, by channel."""
        rows = await self._database.rows(
            """
            SELECT channel_id, COUNT(*) FROM turns
            WHERE guild_id = ? AND state = 'failed' AND created_at >= ? AND created_at <= ?
            GROUP BY channel_id
            """,
            (guild_id, since, until),
        )
        return dict(rows)
