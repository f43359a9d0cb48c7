"""Lengths of time as people write them: 90s, 30m, 2h, 1d, 1h30m."""

import re

from roleplay.errors import RoleForgeError
from roleplay.phrases import say

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

WHOLE = re.compile(r"(?:\d{1,6}[smhdw])+")
PART = re.compile(r"(\d+)([smhdw])")


class NotADuration(RoleForgeError):
    """A text is no length of time."""


def read_duration(text: str) -> float:
    """Seconds.

    Raises:
        NotADuration: it is none.
    """
    plain = "".join(text.lower().split()).replace("min", "m")
    if not WHOLE.fullmatch(plain):
        raise NotADuration(
            say("“{text}” is no length of time.", text=text[:40]),
            hint=say("Write it like 30m, 2h, 1d or 1h30m."),
        )
    return float(sum(int(number) * UNITS[unit] for number, unit in PART.findall(plain)))
