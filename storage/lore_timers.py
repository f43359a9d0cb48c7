"""Which lore entries stick or cool down: implements `roleplay.lorebooks.store.LoreTimers`."""

from roleplay.lorebooks.store import Anchor, Anchors
from storage.database import Database


class SqlLoreTimers:
    """Remembers what it read, as every turn asks; every write passes here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, Anchors] = {}

    async def anchors(self, channel_id: int) -> Anchors:
        if channel_id not in self._known:
            rows = await self._database.rows(
                "SELECT entry_key, message_id, lasts FROM lore_timers WHERE channel_id = ?",
                (channel_id,),
            )
            self._known[channel_id] = {key: Anchor(*rest) for key, *rest in rows}
        return self._known[channel_id]

    async def save(self, channel_id: int, guild_id: int | None, anchors: Anchors) -> None:
        try:
            async with self._database.transaction() as at:
                await at.run("DELETE FROM lore_timers WHERE channel_id = ?", (channel_id,))
                await at.run_many(
                    "INSERT INTO lore_timers VALUES (?, ?, ?, ?, ?)",
                    [
                        (channel_id, guild_id, key, anchor.message_id, anchor.lasts)
                        for key, anchor in anchors.items()
                    ],
                )
        finally:
            self._known.pop(channel_id, None)

    def forget(self) -> None:
        """Read everything anew: something else has changed the table."""
        self._known.clear()
