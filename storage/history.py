"""How well profiles were over time: implements `roleplay.history.History`."""

from collections.abc import Mapping, Sequence

from roleplay.health import Outcome
from roleplay.history import KEPT, SECONDS, WINDOWS, Bucket, Span, Traffic, Window, begin
from storage.database import Database, Transaction, Writer

COLUMNS = """
    ok, starting, failed, planned, answered, unanswered, total, first_tokens, first_token
"""
SUMS = ", ".join(f"SUM({name.strip()})" for name in COLUMNS.split(","))


async def roll_up(writer: Writer, profile: str, outcome: Outcome) -> None:
    """Add one observation to its minute, hour and day; part of the transaction that stores it."""
    column = "planned" if outcome.planned else outcome.result
    for span in SECONDS:
        await writer.run(
            f"""
            INSERT INTO health_history (span, at, profile, {column}) VALUES (?, ?, ?, 1)
            ON CONFLICT (span, at, profile) DO UPDATE SET {column} = {column} + 1
            """,  # noqa: S608 - a column's name out of four
            (span, begin(outcome.at, span), profile),
        )


async def forget_history(writer: Writer, profile: str) -> None:
    await writer.run("DELETE FROM health_history WHERE profile = ?", (profile,))


class SqlHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, traffic: Sequence[Traffic], now: float) -> None:
        async with self._database.transaction() as transaction:
            for minute in traffic:
                for span in SECONDS:
                    await _add(transaction, span, minute)
            for span, seconds in KEPT.items():
                await transaction.run(
                    "DELETE FROM health_history WHERE span = ? AND at < ?",
                    (span, begin(now - seconds, span)),
                )

    async def windows(self, now: float) -> Mapping[str, Mapping[Window, Bucket]]:
        found: dict[str, dict[Window, Bucket]] = {}
        for window, (span, seconds) in WINDOWS.items():
            since = begin(now - seconds, span) + SECONDS[span]
            rows = await self._database.rows(
                f"""
                SELECT profile, {SUMS} FROM health_history WHERE span = ? AND at >= ?
                GROUP BY profile
                """,  # noqa: S608 - constants
                (span, since),
            )
            for profile, *sums in rows:
                found.setdefault(profile, {})[window] = Bucket(since, *sums)
        return found

    async def series(self, span: Span, since: float) -> Mapping[str, Sequence[Bucket]]:
        rows = await self._database.rows(
            f"""
            SELECT profile, at, {COLUMNS} FROM health_history
            WHERE span = ? AND at >= ? ORDER BY at
            """,  # noqa: S608 - constants
            (span, begin(since, span)),
        )
        found: dict[str, list[Bucket]] = {}
        for profile, *row in rows:
            found.setdefault(profile, []).append(Bucket(*row))
        return found


async def _add(transaction: Transaction, span: Span, minute: Traffic) -> None:
    await transaction.run(
        """
        INSERT INTO health_history (span, at, profile, answered, unanswered, total, first_tokens,
            first_token)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (span, at, profile) DO UPDATE SET
            answered = answered + excluded.answered,
            unanswered = unanswered + excluded.unanswered,
            total = total + excluded.total,
            first_tokens = first_tokens + excluded.first_tokens,
            first_token = first_token + excluded.first_token
        """,
        (
            span,
            begin(minute.at, span),
            minute.profile,
            minute.answered,
            minute.unanswered,
            minute.total,
            minute.first_tokens,
            minute.first_token,
        ),
    )
