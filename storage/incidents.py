"""Incidents and the profiles in them, as rows; the rules are `roleplay.incidents`."""

from collections.abc import Sequence

from roleplay.incidents import Incident, Member
from storage.database import Reader, Row, Transaction

INCIDENT = """
    SELECT i.id, i.profile, i.opened_at, i.code, i.detail, i.hint, i.closed_at, i.failures, i.host,
        m.profile, m.since, m.code, m.detail, m.hint, m.failures, m.recovered_at
    FROM incidents i JOIN incident_members m ON m.incident_id = i.id
"""

OWN = 9
"""Columns of the incident itself; the member's follow."""


async def open_incidents(reader: Reader) -> list[Incident]:
    return await _read(reader, "i.closed_at IS NULL", (), "i.id")


async def newest_incidents(reader: Reader, profile: str | None, limit: int) -> list[Incident]:
    """Newest first, of all profiles or of those that took this one down."""
    if profile is None:
        where, given = "i.id IN (SELECT id FROM incidents ORDER BY id DESC LIMIT ?)", (limit,)
    else:
        where = """
            i.id IN (SELECT incident_id FROM incident_members WHERE profile = ?
            ORDER BY incident_id DESC LIMIT ?)
        """
        given = (profile, limit)
    return await _read(reader, where, given, "i.id DESC")


async def incident_by_id(reader: Reader, incident_id: int) -> Incident | None:
    found = await _read(reader, "i.id = ?", (incident_id,), "i.id")
    return found[0] if found else None


async def untold_incidents(reader: Reader) -> list[Incident]:
    """Closed ones of which some notice is still told "open"."""
    where = """
        i.closed_at IS NOT NULL AND
        i.id IN (SELECT incident_id FROM incident_notices WHERE told = 'open')
    """
    return await _read(reader, where, (), "i.id")


async def save_incident(transaction: Transaction, incident: Incident) -> Incident:
    """Create or change; with the id that a new one was given."""
    row = (
        incident.code,
        incident.detail,
        incident.hint,
        incident.failures,
        incident.closed_at,
    )
    if incident.id:
        identity = incident.id
        await transaction.run(
            """
            UPDATE incidents SET code = ?, detail = ?, hint = ?, failures = ?, closed_at = ?
            WHERE id = ?
            """,
            (*row, identity),
        )
    else:
        identity = await transaction.insert(
            """
            INSERT INTO incidents (code, detail, hint, failures, closed_at, profile, opened_at,
                host)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (*row, incident.profile, incident.opened_at, incident.host),
        )
    await _save_members(transaction, identity, incident.members)
    found = await incident_by_id(transaction, identity)
    assert found, "it was just stored"  # noqa: S101 - narrows the type
    return found


async def _save_members(
    transaction: Transaction, incident_id: int, members: Sequence[Member]
) -> None:
    await transaction.run("DELETE FROM incident_members WHERE incident_id = ?", (incident_id,))
    await transaction.run_many(
        """
        INSERT INTO incident_members (incident_id, position, profile, since, code, detail, hint,
            failures, recovered_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (
                *(incident_id, position, each.profile, each.since, each.code, each.detail),
                *(each.hint, each.failures, each.recovered_at),
            )
            for position, each in enumerate(members)
        ],
    )


async def _read(
    reader: Reader, where: str, parameters: Sequence[object], order: str
) -> list[Incident]:
    rows = await reader.rows(f"{INCIDENT} WHERE {where} ORDER BY {order}, m.position", parameters)
    own: dict[int, list[Row]] = {}
    for row in rows:
        own.setdefault(row[0], []).append(row)
    return [_incident(*several) for several in own.values()]


def _incident(first: Row, *more: Row) -> Incident:
    members = tuple(Member(*row[OWN:]) for row in (first, *more))
    return Incident(*first[:OWN], members=members)
