"""Date and time, in the formats that cards are written for (those of Moment.js)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from roleplay.macros.expand import Call, Macro, Macros
from roleplay.phrases import say

TOKEN = re.compile(
    r"\[([^\]]*)\]|(YYYY|YY|MMMM|MMM|MM|M|dddd|ddd|DD|Do|D|HH|H|hh|h|mm|m|ss|s|A|a|LTS|LT|"
    r"LLLL|LLL|LL|L|Z|X)"
)
MOST_HOURS = 14
"""The furthest that any clock on Earth is from UTC."""

PLAIN = {"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "dddd": "%A"} | {
    "ddd": "%a",
    "DD": "%d",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "A": "%p",
}
WHOLE = {"LT": "h:mm A", "LTS": "h:mm:ss A", "L": "MM/DD/YYYY", "LL": "MMMM D, YYYY"} | {
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
}
DAY, YEAR = 86400.0, 365 * 86400.0
SPANS = (
    (45.0, "a few seconds", 1.0),
    (90.0, "a minute", 60.0),
    (45 * 60.0, "{n} minutes", 60.0),
    (90 * 60.0, "an hour", 3600.0),
    (22 * 3600.0, "{n} hours", 3600.0),
    (36 * 3600.0, "a day", DAY),
    (26 * DAY, "{n} days", DAY),
    (45 * DAY, "a month", DAY),
    (320 * DAY, "{n} months", 30.4 * DAY),
    (548 * DAY, "a year", YEAR),
)
"""Up to how many seconds, how that is called, and the seconds of its unit."""

NUMBERS: dict[str, Callable[[datetime], int]] = {
    "M": lambda at: at.month,
    "D": lambda at: at.day,
    "H": lambda at: at.hour,
    "h": lambda at: at.hour % 12 or 12,
    "m": lambda at: at.minute,
    "s": lambda at: at.second,
    "X": lambda at: int(at.timestamp()),
}


def clock_macros(now: datetime, idle: float | None) -> Macros:
    """`now` with its time zone; `idle` is seconds since the last message, None where none is."""

    def utc(call: Call) -> str | None:
        """`{{time_UTC+2}}`, or `{{time::UTC+2}}`."""
        try:
            hours = int(call.argument.upper().removeprefix("UTC") or "0")
        except ValueError:
            return None
        if abs(hours) > MOST_HOURS:
            return None
        return format_moment(now.astimezone(UTC) + timedelta(hours=hours), "LT")

    return {
        "time": lambda call: utc(call) if call.argument else format_moment(now, "LT"),
        "time_utc": utc,
        "date": _fixed(now, "LL"),
        "weekday": _fixed(now, "dddd"),
        "isotime": _fixed(now, "HH:mm"),
        "isodate": _fixed(now, "YYYY-MM-DD"),
        "datetimeformat": lambda call: format_moment(now, call.argument),
        "idle_duration": say("just now") if idle is None else duration(idle),
        "idleduration": say("just now") if idle is None else duration(idle),
    }


def format_moment(at: datetime, form: str) -> str:
    """`at` in the tokens of Moment.js; text in brackets stays, and so does what is no token."""
    return TOKEN.sub(lambda found: found[1] if found[2] is None else _token(at, found[2]), form)


def _token(at: datetime, token: str) -> str:
    if token in WHOLE:
        return format_moment(at, WHOLE[token])
    if token in NUMBERS:
        return str(NUMBERS[token](at))
    if token == "Do":  # noqa: S105 - of a date
        return f"{at.day}{_ordinal(at.day)}"
    if token == "Z":  # noqa: S105 - of a date
        zone = at.strftime("%z")
        return f"{zone[:3]}:{zone[3:]}"
    if token == "a":  # noqa: S105 - of a date
        return at.strftime("%p").lower()
    return at.strftime(PLAIN[token])


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _fixed(now: datetime, form: str) -> Macro:
    return format_moment(now, form)


def duration(seconds: float) -> str:
    """About how long, as people say it."""
    for below, text, unit in SPANS:
        if seconds < below:
            return say(text, n=round(seconds / unit))
    return say("{n} years", n=round(seconds / YEAR))
