"""The turns that answer one message between them: implements `roleplay.rounds.Rounds`."""

from collections.abc import Sequence
from functools import partial

from roleplay.rounds import Asked
from roleplay.transcript import Turn
from storage.database import Database, Statements
from storage.turns import TURN, turns_of

SAME_ROUND = """
    (channel_id, trigger_discord_id) =
        (SELECT o.channel_id, o.trigger_discord_id FROM turns o WHERE o.id = ?)
"""

REOPEN = """
    UPDATE turns SET state = 'accepted', sealed = 1, continues = 0, error_code = '',
        error_detail = ''
"""


class SqlRounds:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def asked(self, turn_id: int) -> Asked:
        rows = await self._database.rows(
            """
            SELECT m.text, t.addressed FROM turns t LEFT JOIN messages m
                ON m.turn_id = t.id AND m.role = 'user' AND m.hidden = 0
            WHERE t.id = ? ORDER BY m.position
            """,
            (turn_id,),
        )
        texts = [text for text, _ in rows if text is not None]
        return Asked("\n".join(texts), rows[0][1] if rows else None)

    async def share(self, turn_id: int, speakers: Sequence[int], auto_turns: int) -> list[Turn]:
        return await self._database.at_once(partial(_share, turn_id, speakers, auto_turns))

    async def follow(self, turn_id: int, character_id: int) -> Turn | None:
        return await self._database.at_once(partial(_follow, turn_id, character_id))

    async def spoken(self, turn_id: int) -> list[int]:
        rows = await self._database.rows(
            f"SELECT character_id FROM turns WHERE {SAME_ROUND} AND state = 'done' ORDER BY id",  # noqa: S608 - our own words
            (turn_id,),
        )
        return [character_id for (character_id,) in rows]

    async def is_superseded(self, turn_id: int) -> bool:
        sql = f"SELECT 1 FROM turns t WHERE t.id = ? AND {NEWER}"  # noqa: S608 - our own words
        return bool(await self._database.rows(sql, (turn_id,)))

    async def end_rest(self, turn_id: int, code: str) -> int:
        return await self._database.run(
            f"""
            UPDATE turns SET state = 'interrupted', error_code = ?, error_detail = ''
            WHERE {SAME_ROUND} AND id > ? AND state = 'accepted' AND sealed = 1
            """,  # noqa: S608 - our own words
            (code, turn_id, turn_id),
        )

    async def reopen_rest(self, turn_id: int, codes: Sequence[str]) -> list[Turn]:
        return await self._database.at_once(partial(_reopen_rest, turn_id, codes))

    async def reopen_all(self, turn_id: int) -> list[Turn]:
        return await self._database.at_once(partial(_reopen_all, turn_id))


NEWER = """
    EXISTS (SELECT 1 FROM turns n WHERE n.channel_id = t.channel_id AND n.state = 'accepted'
        AND n.sealed = 0 AND n.trigger_discord_id > t.trigger_discord_id)
"""
"""A person has spoken since, and waits for an answer."""


def _share(
    turn_id: int, speakers: Sequence[int], auto_turns: int, statements: Statements
) -> list[Turn]:
    statements.run(
        "UPDATE turns SET character_id = ?, place = 0, auto_left = ? WHERE id = ?",
        (speakers[0], 0 if len(speakers) > 1 else auto_turns, turn_id),
    )
    ids = [
        _queue(statements, turn_id, character_id, auto_turns if place == len(speakers) - 1 else 0)
        for place, character_id in enumerate(speakers[1:], 1)
    ]
    return _by_id(statements, ids)


def _queue(statements: Statements, after: int, character_id: int, auto_left: int) -> int:
    """A turn behind the last one of the same round."""
    return statements.insert(
        """
        INSERT INTO turns (channel_id, guild_id, state, sealed, created_at, trigger_discord_id,
            character_id, requested_by, place, auto_left)
        SELECT t.channel_id, t.guild_id, 'accepted', 1, t.created_at, t.trigger_discord_id, ?,
            t.requested_by, (SELECT MAX(r.place) + 1 FROM turns r
                WHERE r.channel_id = t.channel_id
                AND r.trigger_discord_id = t.trigger_discord_id), ?
        FROM turns t WHERE t.id = ?
        """,
        (character_id, auto_left, after),
    )


def _follow(turn_id: int, character_id: int, statements: Statements) -> Turn | None:
    left = statements.rows(
        f"""
        SELECT t.auto_left FROM turns t WHERE t.id = ? AND t.auto_left > 0 AND NOT {NEWER}
            AND t.trigger_discord_id > COALESCE(
                (SELECT r.position FROM resets r WHERE r.channel_id = t.channel_id), 0)
        """,  # noqa: S608 - our own words
        (turn_id,),
    )
    if not left:
        return None
    statements.run("UPDATE turns SET auto_left = 0 WHERE id = ?", (turn_id,))
    queued = _queue(statements, turn_id, character_id, left[0][0] - 1)
    return _by_id(statements, [queued])[0]


def _reopen_rest(turn_id: int, codes: Sequence[str], statements: Statements) -> list[Turn]:
    places = ", ".join("?" * len(codes))
    rows = statements.rows(
        f"""
        SELECT id FROM turns WHERE {SAME_ROUND} AND id > ? AND state = 'interrupted'
            AND error_code IN ({places}) ORDER BY id
        """,  # noqa: S608 - our own words
        (turn_id, turn_id, *codes),
    )
    return _reopen(statements, [each for (each,) in rows])


def _reopen_all(turn_id: int, statements: Statements) -> list[Turn]:
    rows = statements.rows(
        f"""
        SELECT id, state FROM turns WHERE {SAME_ROUND} AND trigger_discord_id > COALESCE(
            (SELECT r.position FROM resets r WHERE r.channel_id = turns.channel_id), 0)
            ORDER BY id
        """,  # noqa: S608 - our own words
        (turn_id,),
    )
    if any(state in ("accepted", "running") for _, state in rows):
        return []
    return _reopen(statements, [each for each, _ in rows])


def _reopen(statements: Statements, ids: Sequence[int]) -> list[Turn]:
    for turn_id in ids:
        statements.run(f"{REOPEN} WHERE id = ?", (turn_id,))
    return _by_id(statements, ids)


def _by_id(statements: Statements, ids: Sequence[int]) -> list[Turn]:
    places = ", ".join("?" * len(ids))
    sql = f"{TURN} WHERE t.id IN ({places}) ORDER BY t.id, p.position"
    return turns_of(statements.rows(sql, tuple(ids)))
