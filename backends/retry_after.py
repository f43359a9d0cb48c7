"""How long a server asks to be left alone, in every form that servers write it."""

import math
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")

IN_TEXT = (
    re.compile(r"(?:try|retry) again in ((?:\d+(?:\.\d+)?(?:ms|[smhd]))+)", re.IGNORECASE),
    re.compile(r'"retryDelay":\s*"((?:\d+(?:\.\d+)?(?:ms|[smhd]))+)"'),
    re.compile(r'"(?:estimated_time|retry_after)":\s*(\d+(?:\.\d+)?)'),
    re.compile(r"(?:try|retry) (?:again )?(?:in|after) (\d+(?:\.\d+)?) ?sec", re.IGNORECASE),
)


def retry_after(headers: Mapping[str, str], body: str, now: float) -> float | None:
    """Seconds to wait, None where the server does not say; never negative.

    `headers` have names in lower case. `now` is seconds since 1970, used against an HTTP date where
    the answer carries no date of its own.
    """
    milliseconds = number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    stated = headers.get("retry-after", "")
    for seconds in (number(stated), _until(stated, headers.get("date", ""), now), _reset(headers)):
        if seconds is not None:
            return max(0.0, seconds)
    return _in_text(body)


def should_retry(headers: Mapping[str, str]) -> bool | None:
    """The server's own word on it (OpenAI, Anthropic), None where it has none."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", "").strip().lower())


def number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def duration(text: str) -> float | None:
    """Seconds of "4.77s", "6m0s", "12ms", or of a bare number."""
    parts = PART.findall(text)
    if not parts or "".join(amount + unit for amount, unit in parts) != text.strip():
        return number(text)
    return sum(float(amount) * UNITS[unit] for amount, unit in parts)


def _until(stated: str, date: str, now: float) -> float | None:
    moment = _timestamp(stated)
    if moment is None:
        return None
    return moment - (_timestamp(date) or now)


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _reset(headers: Mapping[str, str]) -> float | None:
    """When an allowance that is used up is filled again (OpenAI, Groq)."""
    waits = [
        duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}") == "0"
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def _in_text(body: str) -> float | None:
    for pattern in IN_TEXT:
        if match := pattern.search(body):
            return duration(match[1])
    return None
