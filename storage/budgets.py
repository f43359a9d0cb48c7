"""Limits, and what was spent: implements `roleplay.budgets.Books`."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import partial

from roleplay.budgets import (
    LONGEST_WINDOW,
    Charge,
    Limit,
    Refusal,
    Scope,
    What,
    capacity,
    free_at,
)
from storage.database import Database, Statements

PAYERS: dict[Scope, str] = {
    "user": "guild_id IS ? AND user_id = ?",
    "channel": "channel_id = ?",
    "server": "guild_id = ?",
    "profile": "profile = ?",
}
AMOUNTS: dict[What, str] = {"messages": "1", "tokens": "tokens", "money": "cost"}

COLUMNS = "scope, what, amount, seconds, target, guild_id, id"


class SqlBudgets:
    """Remembers the limits it read; every write of them passes here.

    What is reserved survives a crash of the program: it counts until its window has passed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._limits: dict[int, tuple[Limit, ...]] = {}

    async def limits(self, guild_id: int) -> tuple[Limit, ...]:
        if guild_id not in self._limits:
            rows = await self._database.rows(
                f"SELECT {COLUMNS} FROM limits WHERE guild_id = ? ORDER BY id",  # noqa: S608 - ours
                (guild_id,),
            )
            self._limits[guild_id] = tuple(Limit(*row) for row in rows)
        return self._limits[guild_id]

    async def set_limit(self, limit: Limit) -> Limit:
        """Create it, or give the one of the same kind and window another amount."""
        try:
            row = await self._database.at_once(partial(_set, limit))
        finally:
            self.forget()
        return replace(limit, id=row)

    async def clear(self, number: int, guild_id: int) -> Limit | None:
        """Remove one that this server (0: the owner) has set; None where there is none."""
        found = next((each for each in await self.limits(guild_id) if each.id == number), None)
        try:
            sql = "DELETE FROM limits WHERE id = ? AND guild_id = ?"
            gone = await self._database.run(sql, (number, guild_id))
        finally:
            self.forget()
        return found if gone else None

    async def reserve(self, charge: Charge, limits: Sequence[Limit], now: float) -> int | Refusal:
        work = partial(_reserve, charge, tuple(limits), now)
        return await self._database.at_once(work, durability="NORMAL")

    async def settle(self, entry: int, tokens: int, cost: float) -> None:
        spent = replace(Charge(), tokens=tokens, cost=cost)
        sql = "UPDATE spending SET tokens = ?, cost = ?, settled = 1 WHERE id = ?"
        await self._run(sql, (tokens, spent.need("money"), entry))

    async def release(self, entry: int) -> None:
        await self._run("DELETE FROM spending WHERE id = ?", (entry,))

    async def used(self, charge: Charge, limit: Limit, now: float) -> int:
        """In the units of `Charge.need`."""
        return await self._database.at_once(
            lambda at: _used(at, charge, limit, now), durability="NORMAL"
        )

    def forget(self) -> None:
        """Read the limits anew."""
        self._limits.clear()

    async def _run(self, sql: str, parameters: Sequence[object]) -> None:
        await self._database.at_once(lambda at: at.run(sql, parameters), durability="NORMAL")


def _set(limit: Limit, at: Statements) -> int:
    key = (limit.guild_id or 0, limit.scope, limit.what, limit.seconds, limit.target)
    at.run(
        """
        INSERT INTO limits (guild_id, scope, what, seconds, target, amount)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (guild_id, scope, what, seconds, target)
        DO UPDATE SET amount = excluded.amount
        """,
        (*key, limit.amount),
    )
    where = "guild_id = ? AND scope = ? AND what = ? AND seconds = ? AND target = ?"
    return at.rows(f"SELECT id FROM limits WHERE {where}", key)[0][0]  # noqa: S608 - our own names


def _reserve(charge: Charge, limits: Sequence[Limit], now: float, at: Statements) -> int | Refusal:
    """Of several limits without room, the one that is free last is told."""
    at.run("DELETE FROM spending WHERE at <= ?", (now - LONGEST_WINDOW,))
    refusals = [
        Refusal(limit, free) for limit in limits if (free := _free_at(at, charge, limit, now)) > now
    ]
    if refusals:
        return max(refusals, key=lambda each: each.free_at)
    user, channel, guild, profile, tokens, _ = astuple(charge)
    return at.insert(
        """
        INSERT INTO spending (at, guild_id, channel_id, user_id, profile, tokens, cost)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (now, guild, channel, user, profile, tokens, charge.need("money")),
    )


def _free_at(at: Statements, charge: Charge, limit: Limit, now: float) -> float:
    """The entries are read only where their sum leaves no room."""
    need = charge.need(limit.what)
    if _used(at, charge, limit, now) + need <= capacity(limit):
        return now
    where, parameters = _within(charge, limit, now)
    entries = at.rows(
        f"SELECT at, {AMOUNTS[limit.what]} FROM spending WHERE {where} ORDER BY at",  # noqa: S608
        parameters,
    )
    return free_at([(row[0], row[1]) for row in entries], need, limit, now)


def _used(at: Statements, charge: Charge, limit: Limit, now: float) -> int:
    where, parameters = _within(charge, limit, now)
    column = AMOUNTS[limit.what]
    sql = f"SELECT COALESCE(SUM({column}), 0) FROM spending WHERE {where}"  # noqa: S608 - ours
    return at.rows(sql, parameters)[0][0]


def _within(charge: Charge, limit: Limit, now: float) -> tuple[str, list[object]]:
    payers: dict[Scope, list[object]] = {
        "user": [charge.guild_id, charge.user_id],
        "channel": [charge.channel_id],
        "server": [charge.guild_id],
        "profile": [charge.profile],
    }
    return f"{PAYERS[limit.scope]} AND at > ?", [*payers[limit.scope], now - limit.seconds]
