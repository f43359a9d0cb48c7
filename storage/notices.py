"""What was said of incidents where, and how often, as rows."""

from collections.abc import Sequence
from dataclasses import astuple, fields

from roleplay.incidents import Notice
from storage.database import Reader, Transaction, Writer

COLUMNS = tuple(field.name for field in fields(Notice))
NAMES = ", ".join(COLUMNS)

POSTS_KEPT = 2 * 86400.0
"""Seconds."""


async def notices_where(reader: Reader, where: str, parameters: Sequence[int]) -> list[Notice]:
    rows = await reader.rows(
        f"SELECT {NAMES} FROM incident_notices WHERE {where} ORDER BY incident_id, guild_id",  # noqa: S608 - our own words
        parameters,
    )
    return [Notice(*row) for row in rows]


async def save_notice(writer: Writer, notice: Notice) -> None:
    """Create or replace, by incident and server."""
    marks = ", ".join("?" for _ in COLUMNS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])
    await writer.run(
        f"""
        INSERT INTO incident_notices ({NAMES}) VALUES ({marks})
        ON CONFLICT (incident_id, guild_id) DO UPDATE SET {changes}
        """,  # noqa: S608 - our own names
        astuple(notice),
    )


async def posts_since(reader: Reader, since: float) -> dict[tuple[int, str], list[float]]:
    rows = await reader.rows(
        "SELECT guild_id, profile, at FROM notice_posts WHERE at > ? ORDER BY at", (since,)
    )
    found: dict[tuple[int, str], list[float]] = {}
    for guild_id, profile, at in rows:
        found.setdefault((guild_id, profile), []).append(at)
    return found


async def note_post(
    transaction: Transaction, guild_id: int, profiles: Sequence[str], at: float
) -> None:
    await transaction.run("DELETE FROM notice_posts WHERE at < ?", (at - POSTS_KEPT,))
    await transaction.run_many(
        "INSERT INTO notice_posts (guild_id, profile, at) VALUES (?, ?, ?)",
        [(guild_id, profile, at) for profile in profiles],
    )
