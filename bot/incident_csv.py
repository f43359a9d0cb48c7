"""Outages as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.causes import cause
from bot.redaction import redact
from roleplay.health import Incident

COLUMNS = ("id", "profile", "opened", "closed", "minutes", "failures", "code", "cause", "detail")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this is executed by spreadsheets; servers' own words are cells here."""


def to_csv(incidents: Iterable[Incident], now: float) -> bytes:
    """UTF-8 with a mark, which Excel asks for; times are UTC, in ISO 8601."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows(_row(incident, now) for incident in incidents)
    return table.getvalue().encode("utf-8-sig")


def _row(incident: Incident, now: float) -> tuple[object, ...]:
    ended = incident.closed_at
    lasted = (now if ended is None else ended) - incident.opened_at
    return (
        incident.id,
        _cell(incident.profile),
        _time(incident.opened_at),
        "" if ended is None else _time(ended),
        round(lasted / 60, 1),
        incident.failures,
        incident.code,
        cause(incident.code),
        _cell(redact(incident.detail)),
    )


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
