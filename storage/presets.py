"""Presets of servers and channels: implements `roleplay.presets.store.Presets`."""

from roleplay.errors import PresetError
from roleplay.phrases import say
from roleplay.presets.preset import Preset
from roleplay.presets.store import StoredPreset, from_json, to_json
from storage.database import Database, Row, Transaction

MOST = 100
"""Presets of one server."""


class SqlPresets:
    """Remembers what channels use, as every turn asks; every write passes here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used: dict[int, StoredPreset | None] = {}

    async def find(self, name: str, guild_id: int) -> StoredPreset | None:
        rows = await self._database.rows(
            "SELECT id, guild_id, body FROM presets WHERE guild_id = ? AND name_key = ?",
            (guild_id, _key(name)),
        )
        return _stored(rows[0]) if rows else None

    async def names(self, guild_id: int) -> list[str]:
        rows = await self._database.rows(
            "SELECT id, guild_id, body FROM presets WHERE guild_id = ? ORDER BY name_key",
            (guild_id,),
        )
        return [_stored(row).preset.name for row in rows]

    async def save(self, preset: Preset, guild_id: int, by: int) -> StoredPreset:
        key = _key(preset.name)
        try:
            async with self._database.transaction() as at:
                await _refuse_too_many(at, guild_id, key)
                await at.run(
                    """
                    INSERT INTO presets (guild_id, name_key, body, made_by) VALUES (?, ?, ?, ?)
                    ON CONFLICT (guild_id, name_key) DO UPDATE SET body = excluded.body,
                        made_by = excluded.made_by
                    """,
                    (guild_id, key, to_json(preset), by),
                )
                rows = await at.rows(
                    "SELECT id, guild_id, body FROM presets WHERE guild_id = ? AND name_key = ?",
                    (guild_id, key),
                )
        finally:
            self.forget()
        return _stored(rows[0])

    async def remove(self, name: str, guild_id: int) -> bool:
        try:
            sql = "DELETE FROM presets WHERE guild_id = ? AND name_key = ?"
            return await self._database.run(sql, (guild_id, _key(name))) > 0
        finally:
            self.forget()

    async def used(self, channel_id: int) -> StoredPreset | None:
        if channel_id not in self._used:
            rows = await self._database.rows(
                """
                SELECT p.id, p.guild_id, p.body FROM channel_presets c
                JOIN presets p ON p.id = c.preset_id WHERE c.channel_id = ?
                """,
                (channel_id,),
            )
            self._used[channel_id] = _stored(rows[0]) if rows else None
        return self._used[channel_id]

    async def use(self, channel_id: int, guild_id: int, name: str | None) -> bool:
        try:
            if name is None:
                sql = "DELETE FROM channel_presets WHERE channel_id = ?"
                await self._database.run(sql, (channel_id,))
                return True
            chosen = await self._database.run(
                """
                INSERT INTO channel_presets
                SELECT ?, guild_id, id FROM presets WHERE guild_id = ? AND name_key = ?
                ON CONFLICT (channel_id) DO UPDATE SET preset_id = excluded.preset_id
                """,
                (channel_id, guild_id, _key(name)),
            )
            return chosen > 0
        finally:
            self._used.pop(channel_id, None)

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._used.clear()


async def _refuse_too_many(at: Transaction, guild_id: int, key: str) -> None:
    [(count,)] = await at.rows(
        "SELECT COUNT(*) FROM presets WHERE guild_id = ? AND name_key <> ?", (guild_id, key)
    )
    if count >= MOST:
        raise PresetError(
            say("This server has {most} presets, which is all it may have.", most=MOST),
            hint=say("Remove one with /preset remove."),
        )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _stored(row: Row) -> StoredPreset:
    preset_id, guild_id, body = row
    return StoredPreset(preset_id, guild_id, from_json(body))
