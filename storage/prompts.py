"""What channels and servers add to prompts: implements `roleplay.prompting.settings`."""

from roleplay.prompting.instructions import Part, Scope
from roleplay.prompting.note import AuthorsNote
from storage.database import Database

SINCE_RESET = "COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)"


class SqlPrompts:
    """Remembers what it read, as every turn of every channel asks; every write passes here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes: dict[int, AuthorsNote | None] = {}
        self._instructions: dict[tuple[Scope, int], dict[Part, str]] = {}

    async def note(self, channel_id: int) -> AuthorsNote | None:
        if channel_id not in self._notes:
            rows = await self._database.rows(
                "SELECT text, depth, interval, role, place FROM notes WHERE channel_id = ?",
                (channel_id,),
            )
            self._notes[channel_id] = AuthorsNote(*rows[0]) if rows else None
        return self._notes[channel_id]

    async def save_note(self, channel_id: int, guild_id: int, note: AuthorsNote) -> None:
        try:
            await self._database.run(
                """
                INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (channel_id) DO UPDATE SET text = excluded.text,
                    depth = excluded.depth, interval = excluded.interval,
                    role = excluded.role, place = excluded.place
                """,
                (
                    channel_id,
                    guild_id,
                    note.text,
                    note.depth,
                    note.interval,
                    note.role,
                    note.place,
                ),
            )
        finally:
            self._notes.pop(channel_id, None)

    async def clear_note(self, channel_id: int) -> bool:
        try:
            sql = "DELETE FROM notes WHERE channel_id = ?"
            return await self._database.run(sql, (channel_id,)) > 0
        finally:
            self._notes.pop(channel_id, None)

    async def written(self, channel_id: int, until: int) -> int:
        rows = await self._database.rows(
            f"""
            SELECT COUNT(*) FROM messages WHERE channel_id = ? AND role = 'user' AND hidden = 0
                AND position > {SINCE_RESET}
                AND position <= (SELECT position FROM messages WHERE id = ?)
            """,  # noqa: S608 (constant)
            (channel_id, channel_id, until),
        )
        return int(rows[0][0])

    async def instructions(self, scope: Scope, scope_id: int) -> dict[Part, str]:
        key = scope, scope_id
        if key not in self._instructions:
            rows = await self._database.rows(
                "SELECT part, text FROM instructions WHERE scope = ? AND scope_id = ?", key
            )
            self._instructions[key] = {part: text for part, text in rows}  # noqa: C416 - typed
        return self._instructions[key]

    async def save_instruction(
        self, scope: Scope, scope_id: int, guild_id: int, part: Part, text: str
    ) -> None:
        try:
            await self._database.run(
                """
                INSERT INTO instructions VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (scope, scope_id, part) DO UPDATE SET text = excluded.text
                """,
                (scope, scope_id, guild_id, part, text),
            )
        finally:
            self._instructions.pop((scope, scope_id), None)

    async def clear_instruction(self, scope: Scope, scope_id: int, part: Part) -> bool:
        try:
            sql = "DELETE FROM instructions WHERE scope = ? AND scope_id = ? AND part = ?"
            return await self._database.run(sql, (scope, scope_id, part)) > 0
        finally:
            self._instructions.pop((scope, scope_id), None)

    async def tell_of_forgetting(self, channel_id: int, guild_id: int | None, at: float) -> bool:
        """Whether it is the first time since the last reset; from now on it is not."""
        changed = await self._database.run(
            """
            INSERT INTO forgetting_told VALUES (?, ?, ?)
            ON CONFLICT (channel_id) DO UPDATE SET told_at = excluded.told_at
            WHERE told_at <= (SELECT reset_at FROM resets r
                WHERE r.channel_id = forgetting_told.channel_id)
            """,
            (channel_id, guild_id, at),
        )
        return changed > 0

    def forget(self) -> None:
        """Read everything anew: something else has changed the tables."""
        self._notes.clear()
        self._instructions.clear()
