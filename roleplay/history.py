"""How well a profile was over time: observations and requests, added up by minute, hour and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Span = Literal["minute", "hour", "day"]

SECONDS: Mapping[Span, int] = {"minute": 60, "hour": 3600, "day": 86400}

KEPT: Mapping[Span, int] = {"minute": 86400, "hour": 30 * 86400, "day": 366 * 86400}
"""Seconds, as Uptime Kuma keeps them: a profile's year is about 2,500 rows."""


def begin(at: float, span: Span) -> int:
    """Where the span begins in which `at` lies; both are seconds since 1970."""
    return int(at // SECONDS[span]) * SECONDS[span]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One profile in one span of time. `at` is where it begins; all else are counts and sums.

    `ok`, `starting`, `failed` and `planned` are observations; those during maintenance are only
    `planned`. `answered` and `unanswered` are requests of real messages; `total` and `first_token`
    are seconds summed over the answered ones and over the `first_tokens` of them that told.
    """

    at: int
    ok: int = 0
    starting: int = 0
    failed: int = 0
    planned: int = 0
    answered: int = 0
    unanswered: int = 0
    total: float = 0.0
    first_tokens: int = 0
    first_token: float = 0.0

    @property
    def uptime(self) -> float | None:
        """0 to 1; None where nothing was observed. A server that starts is neither up nor down."""
        seen = self.ok + self.failed
        return self.ok / seen if seen else None

    @property
    def mean_total(self) -> float | None:
        """Seconds from a request to its end."""
        return self.total / self.answered if self.answered else None

    @property
    def mean_first_token(self) -> float | None:
        """Seconds from a request to its first word."""
        return self.first_token / self.first_tokens if self.first_tokens else None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of one profile in one minute that begins at `at`; fields as in `Bucket`."""

    profile: str
    at: int
    answered: int = 0
    unanswered: int = 0
    total: float = 0.0
    first_tokens: int = 0
    first_token: float = 0.0


Window = Literal["1h", "24h", "7d", "30d"]

WINDOWS: Mapping[Window, tuple[Span, int]] = {
    "1h": ("minute", 3600),
    "24h": ("hour", 86400),
    "7d": ("hour", 7 * 86400),
    "30d": ("day", 30 * 86400),
}
"""From which spans a window is added up, and its seconds: so none takes more than 168 rows."""


class History(Protocol):
    """Raises `StorageError` from any method. `now` is seconds since 1970."""

    async def add(self, traffic: Sequence[Traffic], now: float) -> None:
        """Add requests up, and drop what is too old to be kept."""
        ...

    async def windows(self, now: float) -> Mapping[str, Mapping[Window, Bucket]]:
        """Every profile's sums over the windows that end now."""
        ...

    async def series(self, span: Span, since: float) -> Mapping[str, Sequence[Bucket]]:
        """Every profile's, oldest first; spans in which nothing was heard are left out."""
        ...
