"""Changes of settings, newest first. They come in by the triggers of `storage.audited`."""

import json
from collections.abc import Callable

from roleplay.audit import KEPT_SECONDS, Change, Facts
from roleplay.casting.cast import Cast
from storage.audited import WATCHED
from storage.casts import facts_of
from storage.database import Database, Row

COLUMNS = "id, at, guild_id, actor_id, action, target, before, after, undone"


class SqlAudit:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def changes(
        self,
        guilds: tuple[int, ...],
        *,
        actor_id: int | None = None,
        action: str | None = None,
        since: float = 0.0,
        before_id: int | None = None,
        limit: int = 8,
    ) -> list[Change]:
        """Of these servers alone (0: what belongs to all)."""
        marks = ", ".join("?" * len(guilds))
        rows = await self._database.rows(
            f"""
            SELECT {COLUMNS} FROM audit
            WHERE guild_id IN ({marks}) AND at >= ? AND (? IS NULL OR actor_id = ?)
                AND (? IS NULL OR action = ?) AND (? IS NULL OR id < ?)
            ORDER BY id DESC LIMIT ?
            """,  # noqa: S608 - our own names
            (
                *guilds,
                since,
                actor_id,
                actor_id,
                action,
                action,
                before_id,
                before_id,
                limit,
            ),
        )
        return [_change(row) for row in rows]

    async def change(self, number: int, guild_id: int) -> Change | None:
        """None: this server has none of that number."""
        rows = await self._database.rows(
            f"SELECT {COLUMNS} FROM audit WHERE id = ? AND guild_id = ?",  # noqa: S608 - ours
            (number, guild_id),
        )
        return _change(rows[0]) if rows else None

    async def standing(self, change: Change, cast: Cast | None) -> Facts | None:
        """The facts as they are now; `cast` are the channel's characters."""
        if change.action == "characters":
            return facts_of(cast)
        watched = next(each for each in WATCHED if each.action == change.action)
        target, table = watched.target.format(row="t"), watched.table
        rows = await self._database.rows(
            f"SELECT {watched.values('t')} FROM {table} t WHERE {target} = ?",  # noqa: S608 - ours
            (int(change.target),),
        )
        return json.loads(rows[0][0]) if rows else None

    async def claim(self, number: int) -> bool:
        """Mark as undone; False where it is already."""
        sql = "UPDATE audit SET undone = 1 WHERE id = ? AND undone = 0"
        return await self._database.run(sql, (number,)) > 0

    async def unclaim(self, number: int) -> None:
        await self._database.run("UPDATE audit SET undone = 0 WHERE id = ?", (number,))

    async def tidy(self) -> None:
        """Forget what is older than is kept."""
        await self._database.run("DELETE FROM audit WHERE at < ?", (self._now() - KEPT_SECONDS,))


def _change(row: Row) -> Change:
    number, at, guild_id, actor_id, action, target, before, after, undone = row
    facts = _facts(before), _facts(after)
    return Change(number, at, guild_id, actor_id, action, target, *facts, undone=bool(undone))


def _facts(text: str | None) -> Facts | None:
    return None if text is None else json.loads(text)
