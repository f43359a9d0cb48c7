"""What replies took and cost. A row is written in the transaction that stores its reply."""

from collections.abc import Mapping
from typing import assert_never

from roleplay.chat import ChatReply
from roleplay.profiles import Price
from roleplay.usage import By, Kind, Spent
from storage.database import Database, Row, Transaction

BILLION = 1_000_000_000

PER_TOKEN = 1000
"""A price per million tokens, in billionths per token."""

SUMS = """
    COUNT(*), COALESCE(SUM(prompt_tokens), 0), COALESCE(SUM(cached_tokens), 0),
    COALESCE(SUM(completion_tokens), 0), COALESCE(SUM(estimated), 0),
    COALESCE(SUM(CASE WHEN cost IS NULL THEN 1 ELSE 0 END), 0), COALESCE(SUM(cost), 0)
"""


async def record_usage(transaction: Transaction, turn_id: int, reply: ChatReply, at: float) -> None:
    """Note what the reply of a turn took; nothing where not even an estimate is known."""
    found = await transaction.rows(
        "SELECT guild_id, channel_id FROM turns WHERE id = ?", (turn_id,)
    )
    for place in found:
        await insert_usage(transaction, place, reply, at)


async def insert_usage(
    transaction: Transaction,
    place: Row,
    reply: ChatReply,
    at: float,
    kind: Kind = "reply",
) -> None:
    """The same for what is no turn's; `place` are the ids of server and channel."""
    usage = reply.usage
    if usage is None:
        return
    await transaction.run(
        """
        INSERT INTO usage (at, guild_id, channel_id, profile, model, prompt_tokens, cached_tokens,
            completion_tokens, estimated, kind)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            at,
            *place,
            reply.served_by,
            reply.model,
            usage.prompt_tokens,
            min(usage.cached_tokens, usage.prompt_tokens),
            usage.completion_tokens,
            int(usage.estimated),
            kind,
        ),
    )


class SqlUsage:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, guild_id: int | None, channel_id: int, reply: ChatReply, at: float, kind: Kind
    ) -> None:
        """What was written outside of every turn."""
        async with self._database.transaction() as transaction:
            await insert_usage(transaction, (guild_id, channel_id), reply, at, kind)

    async def set_costs(self, prices: Mapping[str, Price]) -> None:
        """Price what has no cost yet, by profile; what has one keeps it, whatever prices become."""
        for profile, price in prices.items():
            cached = price.input if price.cached_input is None else price.cached_input
            await self._database.run(
                """
                UPDATE usage SET cost = CAST(ROUND((prompt_tokens - cached_tokens) * ?
                    + cached_tokens * ? + completion_tokens * ?) AS INTEGER)
                WHERE profile = ? AND cost IS NULL
                """,
                (price.input * PER_TOKEN, cached * PER_TOKEN, price.output * PER_TOKEN, profile),
            )

    async def spent(self, by: By, since: float, guild_id: int | None = None) -> list[Spent]:
        """Sums since a time (seconds since 1970) in one server, or in all.

        Days come in their order, all else the dearest first.
        """
        key = _key(by)
        where, parameters = "at >= ?", [since]
        if guild_id is not None:
            where, parameters = "guild_id = ? AND at >= ?", [guild_id, since]
        rows = await self._database.rows(
            f"SELECT {key} AS k, {SUMS} FROM usage WHERE {where} GROUP BY k",  # noqa: S608
            parameters,
        )
        found = [Spent(*row[:-1], cost=row[-1] / BILLION) for row in rows]
        if by == "day":
            return sorted(found, key=lambda one: one.key)
        return sorted(
            found, key=lambda one: (-one.cost, -one.prompt_tokens - one.completion_tokens)
        )


def _key(by: By) -> str:
    match by:
        case "total":
            return "''"
        case "profile":
            return "profile"
        case "channel":
            return "channel_id"
        case "day":
            return "CAST(at / 86400 AS INTEGER)"
        case "kind":
            return "kind"
        case "server":
            return "COALESCE(guild_id, 0)"
        case _:
            assert_never(by)
