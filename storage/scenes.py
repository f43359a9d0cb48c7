"""Scenes, and whole chats in and out: implements `roleplay.scenes.store.SceneStore`."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from roleplay.chats.chat import Chat, ChatLine
from roleplay.sanitise import speaker_name
from roleplay.scenes.store import StoredScene
from storage.database import Database, Row
from storage.imports import COLUMNS, bring, drop_unfinished, save

LINES = """
    SELECT m.id, m.role, m.author_name, m.text, m.hidden, m.created_at, m.variant, i.data
    FROM messages m LEFT JOIN imported_lines i ON i.message_id = m.id
    WHERE m.channel_id = ? AND m.position >
        COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
    ORDER BY m.position, m.id
"""

FACES = """
    SELECT s.author_name, c.avatar FROM (
        SELECT DISTINCT author_name, character_id FROM messages WHERE channel_id = ?) s
    JOIN characters c ON c.id = s.character_id WHERE c.avatar IS NOT NULL
    UNION ALL
    SELECT s.author_name, p.picture FROM (
        SELECT DISTINCT author_name, author_id FROM messages WHERE channel_id = ?) s
    JOIN personas p ON p.user_id = s.author_id AND p.name = s.author_name
    WHERE p.picture IS NOT NULL
"""


class SqlScenes:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._paused: set[int] | None = None

    async def is_paused(self, channel_id: int) -> bool:
        """Asked for every message, so it is kept in memory."""
        if self._paused is None:
            paused = "SELECT channel_id FROM scenes WHERE state = 'paused'"
            self._paused = {row[0] for row in await self._database.rows(paused)}
        return channel_id in self._paused

    async def scene(self, channel_id: int) -> StoredScene | None:
        sql = f"SELECT {COLUMNS} FROM scenes WHERE channel_id = ?"  # noqa: S608 (constant)
        rows = await self._database.rows(sql, (channel_id,))
        return _scene(rows[0]) if rows else None

    async def save(self, scene: StoredScene) -> None:
        await self._database.at_once(partial(save, scene))
        self._paused = None

    async def listed(self, guild_id: int | None = None) -> list[StoredScene]:
        sql = (
            f"SELECT {COLUMNS} FROM scenes WHERE ? IS NULL OR guild_id = ? ORDER BY channel_id DESC"  # noqa: S608 (constant)
        )
        return [_scene(row) for row in await self._database.rows(sql, (guild_id, guild_id))]

    async def count(self, channel_id: int) -> int:
        sql = """
            SELECT COUNT(*) FROM messages m WHERE m.channel_id = ? AND m.position >
                COALESCE((SELECT r.position FROM resets r WHERE r.channel_id = m.channel_id), 0)
        """
        return int((await self._database.rows(sql, (channel_id,)))[0][0])

    async def bring(
        self, scene: StoredScene, chat: Chat, characters: Mapping[str, int] | None = None
    ) -> int:
        await bring(self._database, scene, chat, characters or {})
        self._paused = None
        return len(chat.lines)

    async def drop_unfinished(self) -> None:
        """Remove what imports left behind that a crash cut off."""
        await drop_unfinished(self._database)

    async def chat(self, channel_id: int) -> Chat:
        scene = await self.scene(channel_id)
        rows = await self._database.rows(LINES, (channel_id,))
        said = await self._database.rows(
            """
            SELECT v.message_id, v.text FROM variants v JOIN messages m ON m.id = v.message_id
            WHERE m.channel_id = ? ORDER BY v.message_id, v.number
            """,
            (channel_id,),
        )
        variants: dict[int, list[str]] = {}
        for message_id, text in said:
            variants.setdefault(message_id, []).append(text)
        lines = tuple(_line(row, variants.get(row[0], [])) for row in rows)
        header: Mapping[str, Any] = scene.header if scene else {}
        user = next((line.name for line in lines if line.is_user), "")
        char = next((line.name for line in lines if not line.is_user and not line.hidden), "")
        return Chat(lines, user, char, scene.title if scene else "", header)

    async def faces(self, channel_id: int) -> dict[str, bytes]:
        return dict(await self._database.rows(FACES, (channel_id, channel_id)))

    def forget(self) -> None:
        """Read anew which are paused: something else has changed the table."""
        self._paused = None


def _scene(row: Row) -> StoredScene:
    channel_id, guild_id, title, state, started_by, started_at, header = row
    return StoredScene(
        channel_id, guild_id, title, state, started_by, started_at, json.loads(header)
    )


def _line(row: Row, variants: list[str]) -> ChatLine:
    _, role, name, text, hidden, created_at, variant, data = row
    known: dict[str, Any] = json.loads(data) if data else {}
    written = known.get("name", "")
    swiped = len(variants) > 1 or "swipes" in known
    return ChatLine(
        name=written if known and speaker_name(written) == name else name,
        text=text,
        is_user=role == "user",
        hidden=bool(hidden),
        said_at=created_at or None,
        swipes=tuple(variants) if swiped else (),
        swipe=variant if swiped else 0,
        data=known,
    )
