"""Planned maintenance: implements `roleplay.maintenance.Maintenance`."""

import json
from dataclasses import replace

from roleplay.maintenance import Window
from storage.database import Database


class SqlMaintenance:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def windows(self) -> list[Window]:
        rows = await self._database.rows(
            """
            SELECT id, profiles, start, seconds, cron, zone, reason, created_by FROM maintenance
            ORDER BY id
            """
        )
        return [Window(row[0], tuple(json.loads(row[1])), *row[2:]) for row in rows]

    async def add(self, window: Window) -> Window:
        async with self._database.transaction() as transaction:
            identity = await transaction.insert(
                """
                INSERT INTO maintenance (profiles, start, seconds, cron, zone, reason, created_by)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    json.dumps(window.profiles),
                    window.start,
                    window.seconds,
                    window.cron,
                    window.zone,
                    window.reason,
                    window.created_by,
                ),
            )
        return replace(window, id=identity)

    async def remove(self, window_id: int) -> bool:
        return await self._database.run("DELETE FROM maintenance WHERE id = ?", (window_id,)) > 0

    async def clear(self, now: float) -> int:
        return await self._database.run(
            "DELETE FROM maintenance WHERE cron = '' AND start + seconds <= ?", (now,)
        )
