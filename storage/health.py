"""What is known of every profile: implements `roleplay.health.HealthStore`."""

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any

from roleplay.health import HealthState, Outcome, Transition, cause_of
from roleplay.incidents import Incident, Notice, blamed, incident_of, opened, recovered
from storage.database import Database, Row, Transaction
from storage.history import forget_history, roll_up
from storage.incidents import (
    incident_by_id,
    newest_incidents,
    open_incidents,
    save_incident,
    untold_incidents,
)
from storage.notices import note_post, notices_where, posts_since, save_notice

PROBES_KEPT = 24 * 3600.0
"""Seconds that single observations are kept; `storage.history` keeps their sums for a year."""

STATE_COLUMNS = tuple(field.name for field in fields(HealthState))
STATE_NAMES = ", ".join(STATE_COLUMNS)
TRUTHS = ("host", "model")
"""Columns that hold 1, 0 or NULL for what is true, false or not known."""


class SqlHealth:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def states(self) -> dict[str, HealthState]:
        rows = await self._database.rows(f"SELECT {STATE_NAMES} FROM health_states")  # noqa: S608 - our own names
        return {row[0]: _state(row) for row in rows}

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None, host: str = ""
    ) -> Incident | None:
        async with self._database.transaction() as transaction:
            await _save_probe(transaction, state.profile, outcome)
            await roll_up(transaction, state.profile, outcome)
            await _save_state(transaction, state)
            going = await open_incidents(transaction)
            within = incident_of(going, state.profile)
            match transition:
                case "opened":
                    incident = opened(going, cause_of(state, outcome.at), host)
                    return await save_incident(transaction, incident)
                case "closed" if within:
                    closed = recovered(within, state.profile, outcome.at)
                    return await save_incident(transaction, closed)
                case None if within and outcome.result == "failed" and not outcome.planned:
                    cause = cause_of(state, outcome.at)
                    await save_incident(transaction, blamed(within, cause))
                case _:
                    pass
            return None

    async def open_incidents(self) -> list[Incident]:
        return await open_incidents(self._database)

    async def incidents(self, profile: str | None = None, limit: int = 20) -> list[Incident]:
        return await newest_incidents(self._database, profile, limit)

    async def incident(self, incident_id: int) -> Incident | None:
        return await incident_by_id(self._database, incident_id)

    async def untold(self) -> list[Incident]:
        return await untold_incidents(self._database)

    async def notices(self, incident_id: int) -> list[Notice]:
        return await notices_where(self._database, "incident_id = ?", (incident_id,))

    async def notices_of(self, guild_id: int, message_id: int) -> list[Notice]:
        where = "guild_id = ? AND message_id = ?"
        return await notices_where(self._database, where, (guild_id, message_id))

    async def save_notice(self, notice: Notice) -> None:
        await save_notice(self._database, notice)

    async def posts(self, since: float) -> Mapping[tuple[int, str], list[float]]:
        return await posts_since(self._database, since)

    async def posted(self, guild_id: int, profiles: tuple[str, ...], at: float) -> None:
        async with self._database.transaction() as transaction:
            await note_post(transaction, guild_id, profiles, at)

    async def forget(self, profile: str) -> None:
        """Its incident ends with the last time the profile was looked at."""
        async with self._database.transaction() as transaction:
            seen = await transaction.rows(
                "SELECT checked_at FROM health_states WHERE profile = ?", (profile,)
            )
            within = incident_of(await open_incidents(transaction), profile)
            if within:
                at = seen[0][0] if seen else 0.0
                await save_incident(transaction, recovered(within, profile, at))
            await transaction.run("DELETE FROM health_states WHERE profile = ?", (profile,))
            await transaction.run("DELETE FROM probes WHERE profile = ?", (profile,))
            await transaction.run("DELETE FROM probe_spend WHERE profile = ?", (profile,))
            await forget_history(transaction, profile)


async def _save_probe(transaction: Transaction, profile: str, outcome: Outcome) -> None:
    await transaction.run(
        """
        INSERT INTO probes (profile, at, result, seconds, code, detail, planned)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(profile, outcome.at, outcome.result, outcome.seconds),
            *(outcome.code, outcome.detail, outcome.planned),
        ),
    )
    await transaction.run(
        "DELETE FROM probes WHERE profile = ? AND at < ?", (profile, outcome.at - PROBES_KEPT)
    )


async def _save_state(transaction: Transaction, state: HealthState) -> None:
    marks = ", ".join("?" for _ in STATE_COLUMNS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in STATE_COLUMNS[1:])
    await transaction.run(
        f"""
        INSERT INTO health_states ({STATE_NAMES}) VALUES ({marks})
        ON CONFLICT (profile) DO UPDATE SET {changes}
        """,  # noqa: S608 - our own names
        astuple(state),
    )


def _state(row: Row) -> HealthState:
    known: dict[str, Any] = dict(zip(STATE_COLUMNS, row, strict=True))
    for name in TRUTHS:
        known[name] = None if known[name] is None else bool(known[name])
    return HealthState(**known)
