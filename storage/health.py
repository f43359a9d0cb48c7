"""What is known of every profile: implements `roleplay.health.HealthStore`."""

from roleplay.health import HealthState, Incident, Notice, Outcome, Transition
from storage.database import Database, Reader, Transaction
from storage.history import forget_history, roll_up

PROBES_KEPT = 24 * 3600.0
"""Seconds that single observations are kept; `storage.history` keeps their sums for a year."""

STATE = """
    SELECT profile, status, since, failures, successes, checked_at, latency, code, detail, hint
    FROM health_states
"""
UNTOLD = """
    closed_at IS NOT NULL AND id IN (SELECT incident_id FROM incident_notices WHERE told = 'open')
"""
INCIDENT = "SELECT id, profile, opened_at, code, detail, hint, closed_at, failures FROM incidents"


class SqlHealth:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def states(self) -> dict[str, HealthState]:
        rows = await self._database.rows(STATE)
        return {row[0]: HealthState(*row) for row in rows}

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None
    ) -> Incident | None:
        async with self._database.transaction() as transaction:
            await _save_probe(transaction, state.profile, outcome)
            await roll_up(transaction, state.profile, outcome)
            await _save_state(transaction, state)
            match transition:
                case "opened":
                    await _open(transaction, state, outcome.at)
                    return await _newest(transaction, state.profile)
                case "closed":
                    closed = await _close(transaction, state.profile, outcome.at)
                    return await _newest(transaction, state.profile) if closed else None
                case None:
                    if outcome.result == "failed":
                        await _blame(transaction, state)
                    return None

    async def open_incidents(self) -> list[Incident]:
        rows = await self._database.rows(f"{INCIDENT} WHERE closed_at IS NULL ORDER BY id")
        return [Incident(*row) for row in rows]

    async def incidents(self, profile: str | None = None, limit: int = 20) -> list[Incident]:
        if profile is None:
            rows = await self._database.rows(f"{INCIDENT} ORDER BY id DESC LIMIT ?", (limit,))
        else:
            rows = await self._database.rows(
                f"{INCIDENT} WHERE profile = ? ORDER BY id DESC LIMIT ?", (profile, limit)
            )
        return [Incident(*row) for row in rows]

    async def incident(self, incident_id: int) -> Incident | None:
        rows = await self._database.rows(f"{INCIDENT} WHERE id = ?", (incident_id,))
        return Incident(*rows[0]) if rows else None

    async def notices(self, incident_id: int) -> list[Notice]:
        rows = await self._database.rows(
            """
            SELECT incident_id, guild_id, channel_id, message_id, told FROM incident_notices
            WHERE incident_id = ? ORDER BY guild_id
            """,
            (incident_id,),
        )
        return [Notice(*row) for row in rows]

    async def save_notice(self, notice: Notice) -> None:
        await self._database.run(
            """
            INSERT INTO incident_notices (incident_id, guild_id, channel_id, message_id, told)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (incident_id, guild_id) DO UPDATE SET channel_id = excluded.channel_id,
                message_id = excluded.message_id, told = excluded.told
            """,
            (
                notice.incident_id,
                notice.guild_id,
                notice.channel_id,
                notice.message_id,
                notice.told,
            ),
        )

    async def untold(self) -> list[Incident]:
        rows = await self._database.rows(f"{INCIDENT} WHERE {UNTOLD} ORDER BY id")
        return [Incident(*row) for row in rows]

    async def forget(self, profile: str) -> None:
        """Its incident ends with the last time the profile was looked at."""
        async with self._database.transaction() as transaction:
            seen = await transaction.rows(
                "SELECT checked_at FROM health_states WHERE profile = ?", (profile,)
            )
            await _close(transaction, profile, seen[0][0] if seen else 0.0)
            await transaction.run("DELETE FROM health_states WHERE profile = ?", (profile,))
            await transaction.run("DELETE FROM probes WHERE profile = ?", (profile,))
            await forget_history(transaction, profile)


async def _save_probe(transaction: Transaction, profile: str, outcome: Outcome) -> None:
    await transaction.run(
        """
        INSERT INTO probes (profile, at, result, seconds, code, detail) VALUES (?, ?, ?, ?, ?, ?)
        """,
        (profile, outcome.at, outcome.result, outcome.seconds, outcome.code, outcome.detail),
    )
    await transaction.run(
        "DELETE FROM probes WHERE profile = ? AND at < ?", (profile, outcome.at - PROBES_KEPT)
    )


async def _save_state(transaction: Transaction, state: HealthState) -> None:
    await transaction.run(
        """
        INSERT INTO health_states (profile, status, since, failures, successes, checked_at,
            latency, code, detail, hint)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (profile) DO UPDATE SET status = excluded.status, since = excluded.since,
            failures = excluded.failures, successes = excluded.successes,
            checked_at = excluded.checked_at, latency = excluded.latency, code = excluded.code,
            detail = excluded.detail, hint = excluded.hint
        """,
        (
            state.profile,
            state.status,
            state.since,
            state.failures,
            state.successes,
            state.checked_at,
            state.latency,
            state.code,
            state.detail,
            state.hint,
        ),
    )


async def _open(transaction: Transaction, state: HealthState, at: float) -> None:
    """One incident goes on at a time: where one is open already, it stays and goes on."""
    if await _blame(transaction, state):
        return
    await transaction.run(
        """
        INSERT INTO incidents (profile, opened_at, code, detail, hint, failures)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (state.profile, at, state.code, state.detail, state.hint, state.failures),
    )


async def _blame(transaction: Transaction, state: HealthState) -> bool:
    changed = await transaction.run(
        """
        UPDATE incidents SET code = ?, detail = ?, hint = ?, failures = ?
        WHERE profile = ? AND closed_at IS NULL
        """,
        (state.code, state.detail, state.hint, state.failures, state.profile),
    )
    return changed > 0


async def _close(transaction: Transaction, profile: str, at: float) -> bool:
    """A clock that jumped back closes no incident before it was opened."""
    changed = await transaction.run(
        """
        UPDATE incidents SET closed_at = CASE WHEN opened_at > ? THEN opened_at ELSE ? END
        WHERE profile = ? AND closed_at IS NULL
        """,
        (at, at, profile),
    )
    return changed > 0


async def _newest(reader: Reader, profile: str) -> Incident:
    rows = await reader.rows(f"{INCIDENT} WHERE profile = ? ORDER BY id DESC LIMIT 1", (profile,))
    return Incident(*rows[0])
