"""Small facts that outlive the process, such as the hash of the synced commands."""

import json

from pydantic import JsonValue

from storage.database import Database


class SqlSettings:
    """Names to JSON values. Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> JsonValue:
        """None where nothing is stored."""
        found = await self._database.rows("SELECT value FROM settings WHERE name = ?", (name,))
        return json.loads(found[0][0]) if found else None

    async def set(self, name: str, value: JsonValue) -> None:
        await self._database.run(
            """
            INSERT INTO settings (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            (name, json.dumps(value)),
        )

    async def delete(self, name: str) -> None:
        await self._database.run("DELETE FROM settings WHERE name = ?", (name,))
