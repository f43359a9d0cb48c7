"""Which channel speaks how: implements `roleplay.bindings.Bindings`."""

import json
from collections.abc import Collection

from roleplay.bindings import ChannelBinding, GuildSettings, Moved
from storage.database import Database, Row, Transaction

CHANNEL = """
    SELECT channel_id, guild_id, bound_by, bound_at, profile, mode, wake_words, when_down
    FROM channels
"""
GUILD = "SELECT guild_id, profile, outage_channel_id FROM guilds"


class SqlBindings:
    """Remembers what it read, because every message of every channel asks.

    That is safe: the data folder belongs to one process, and every write passes here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._channels: dict[int, ChannelBinding | None] = {}
        self._guilds: dict[int, GuildSettings] = {}

    async def channel(self, channel_id: int) -> ChannelBinding | None:
        if channel_id not in self._channels:
            rows = await self._database.rows(f"{CHANNEL} WHERE channel_id = ?", (channel_id,))
            self._channels[channel_id] = _binding(rows[0]) if rows else None
        return self._channels[channel_id]

    async def bind(self, binding: ChannelBinding) -> None:
        words = binding.wake_words
        try:
            await self._database.run(
                """
                INSERT INTO channels VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id,
                    bound_by = excluded.bound_by, bound_at = excluded.bound_at,
                    profile = excluded.profile, mode = excluded.mode,
                    wake_words = excluded.wake_words, when_down = excluded.when_down
                """,
                (
                    binding.channel_id,
                    binding.guild_id,
                    binding.bound_by,
                    binding.bound_at,
                    binding.profile,
                    binding.mode,
                    None if words is None else json.dumps(words),
                    binding.when_down,
                ),
            )
        finally:
            self._channels.pop(binding.channel_id, None)

    async def unbind(self, channel_id: int) -> bool:
        try:
            sql = "DELETE FROM channels WHERE channel_id = ?"
            return await self._database.run(sql, (channel_id,)) > 0
        finally:
            self._channels.pop(channel_id, None)

    async def channels(self, guild_id: int | None = None) -> list[ChannelBinding]:
        if guild_id is None:
            rows = await self._database.rows(f"{CHANNEL} ORDER BY channel_id")
        else:
            rows = await self._database.rows(
                f"{CHANNEL} WHERE guild_id = ? ORDER BY channel_id", (guild_id,)
            )
        return [_binding(row) for row in rows]

    async def guild(self, guild_id: int) -> GuildSettings:
        if guild_id not in self._guilds:
            rows = await self._database.rows(f"{GUILD} WHERE guild_id = ?", (guild_id,))
            self._guilds[guild_id] = GuildSettings(*rows[0]) if rows else GuildSettings(guild_id)
        return self._guilds[guild_id]

    async def save_guild(self, settings: GuildSettings) -> None:
        try:
            await self._database.run(
                """
                INSERT INTO guilds VALUES (?, ?, ?)
                ON CONFLICT (guild_id) DO UPDATE SET profile = excluded.profile,
                    outage_channel_id = excluded.outage_channel_id
                """,
                (settings.guild_id, settings.profile, settings.outage_channel_id),
            )
        finally:
            self._guilds.pop(settings.guild_id, None)

    async def guilds(self) -> list[GuildSettings]:
        rows = await self._database.rows(
            f"{GUILD} WHERE profile IS NOT NULL OR outage_channel_id IS NOT NULL ORDER BY guild_id"
        )
        return [GuildSettings(*row) for row in rows]

    async def move(self, old: str, new: str | None, guild_id: int | None = None) -> Moved:
        channels = [each.channel_id for each in await self.channels(guild_id)]
        guilds = [
            each.guild_id for each in await self.guilds() if guild_id in (None, each.guild_id)
        ]
        return await self._repoint(old, new, Moved(tuple(channels), tuple(guilds)))

    async def move_back(self, moved: Moved, old: str, new: str) -> Moved:
        return await self._repoint(new, old, moved)

    async def _repoint(self, old: str, new: str | None, among: Moved) -> Moved:
        try:
            async with self._database.transaction() as at:
                return Moved(
                    await _repoint(at, "channels", "channel_id", (old, new), among.channels),
                    await _repoint(at, "guilds", "guild_id", (old, new), among.guilds),
                )
        finally:
            self.forget()

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._channels.clear()
        self._guilds.clear()


def _binding(row: Row) -> ChannelBinding:
    *rest, words, when_down = row
    wake_words = None if words is None else tuple(json.loads(words))
    return ChannelBinding(*rest, wake_words=wake_words, when_down=when_down)


async def _repoint(
    at: Transaction, table: str, key: str, names: tuple[str, str | None], among: Collection[int]
) -> tuple[int, ...]:
    """The keys among the given ones whose profile was the first name and now is the second."""
    old, new = names
    rows = await at.rows(f"SELECT {key} FROM {table} WHERE profile = ? ORDER BY {key}", (old,))  # noqa: S608 - our own names
    found = tuple(row[0] for row in rows if row[0] in set(among))
    await at.run_many(
        f"UPDATE {table} SET profile = ? WHERE {key} = ?",  # noqa: S608 - our own names
        [(new, each) for each in found],
    )
    return found
