"""Connection profiles by name, as JSON with the keys of `config.json`.

They hold what was saved, variables not filled in, so that no key is in the database.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import JsonValue

from storage.database import Database

ProfileSource = Literal["config", "discord"]


class SqlProfiles:
    """Raises `StorageError` from any method. `now` gives seconds since 1970."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def all(self, source: ProfileSource = "discord") -> dict[str, dict[str, JsonValue]]:
        rows = await self._database.rows(
            "SELECT name, body FROM profiles WHERE source = ? ORDER BY name", (source,)
        )
        return {name: json.loads(body) for name, body in rows}

    async def save(
        self,
        name: str,
        body: Mapping[str, JsonValue],
        *,
        by: int | None = None,
        source: ProfileSource = "discord",
    ) -> None:
        """Create or replace; who made it first, and when, stays."""
        await self._database.run(
            """
            INSERT INTO profiles (name, source, body, created_by, created_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET source = excluded.source, body = excluded.body
            """,
            (name, source, json.dumps(dict(body)), by, self._now()),
        )

    async def remove(self, name: str) -> bool:
        return await self._database.run("DELETE FROM profiles WHERE name = ?", (name,)) > 0
