"""When a message of a chat file was sent: SillyTavern has written this in many ways."""

import re
from datetime import UTC, datetime

HUMANIZED = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2}) ?@ ?(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s(?: ?(\d{1,3})ms)?"
)
"""2023-6-25 @21h 18m 11s 590ms, and later 2024-01-02@03h04m05s."""

SPELLED = ("%B %d, %Y %I:%M%p", "%b %d, %Y %I:%M%p", "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p")
"""June 19, 2023 2:20pm."""

MILLISECONDS = 100_000_000_000
"""From here on a bare number counts milliseconds: as seconds it would lie after the year 5000."""

LAST = 253_402_300_799
"""The end of the year 9999."""


def read_date(value: object) -> float | None:
    """Seconds since 1970; None: not understood. What names no time zone is taken for UTC."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _counted(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 20:
        return _counted(int(text))
    return _humanized(text) or _iso(text) or _spelled(text)


def write_date(at: float) -> str:
    """As SillyTavern writes it now: ISO 8601 in UTC, with milliseconds."""
    moment = datetime.fromtimestamp(min(max(at, 0), LAST), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _counted(number: float) -> float | None:
    seconds = number / 1000 if number >= MILLISECONDS else float(number)
    return seconds if 0 <= seconds <= LAST else None


def _humanized(text: str) -> float | None:
    found = HUMANIZED.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, thousandths = (
        int(part or 0) for part in found.groups()
    )
    try:
        moment = datetime(year, month, day, hour, minute, second, thousandths * 1000, tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp()


def _iso(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _seconds(moment)


def _spelled(text: str) -> float | None:
    for pattern in SPELLED:
        try:
            return _seconds(datetime.strptime(text, pattern).replace(tzinfo=UTC))
        except ValueError:
            continue
    return None


def _seconds(moment: datetime) -> float | None:
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(zoned.timestamp(), 0.0)
