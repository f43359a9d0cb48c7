"""What checks of whole answers cost: implements `roleplay.ladder.Spending`."""

from roleplay.ladder import Spend
from storage.database import Database

DAYS_KEPT = 31


class SqlChecks:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, profile: str, day: int) -> Spend:
        rows = await self._database.rows(
            "SELECT checks, tokens, cost FROM probe_spend WHERE profile = ? AND day = ?",
            (profile, day),
        )
        return Spend(*rows[0]) if rows else Spend()

    async def spend(self, profile: str, day: int, more: Spend) -> None:
        async with self._database.transaction() as transaction:
            await transaction.run("DELETE FROM probe_spend WHERE day < ?", (day - DAYS_KEPT,))
            await transaction.run(
                """
                INSERT INTO probe_spend (profile, day, checks, tokens, cost) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (profile, day) DO UPDATE SET checks = checks + excluded.checks,
                    tokens = tokens + excluded.tokens, cost = cost + excluded.cost
                """,
                (profile, day, more.checks, more.tokens, more.cost),
            )
