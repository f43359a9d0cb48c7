"""Planned maintenance: when is a profile expected to be away. Pure.

Recurring windows begin by a cron expression on the clock of a time zone and last for a number of
elapsed seconds. Where the clocks go forward over a beginning, it begins right after the gap; where
they go back, an hour of the night begins one window, not two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from roleplay.errors import RoleForgeError
from roleplay.phrases import say

LONGEST = 7 * 86400.0
"""Seconds that one window lasts at most."""

REPEATED = 3 * 3600.0
"""Seconds: more than any zone repeats when its clocks go back."""

MOST_JOINED = 100
"""Windows that are followed when one begins before the other ends."""


class BadWindow(RoleForgeError):
    """A window that cannot be: its schedule, its zone or its length."""


@dataclass(frozen=True, slots=True)
class Window:
    """One planned window, once or again and again; times are seconds since 1970.

    `id` 0: from config.json. No `profiles`: all of them. Once: from `start` for `seconds`.
    Recurring: `cron` is set, and `zone` is its time zone.
    """

    id: int = 0
    profiles: tuple[str, ...] = ()
    start: float = 0.0
    seconds: float = 3600.0
    cron: str = ""
    zone: str = "UTC"
    reason: str = ""
    created_by: int = 0

    def concerns(self, profile: str) -> bool:
        return not self.profiles or profile in self.profiles

    def until(self, now: float) -> float | None:
        """When the window ends in which `now` lies; None: it lies in none."""
        begun = self.begins_before(now) if self.cron else self.start
        if begun is None or not begun <= now < begun + self.seconds:
            return None
        return begun + self.seconds

    def begins_before(self, now: float) -> float | None:
        """The last beginning up to `now`; None where there was none for fifty years.

        Looking back is fast, and looking forward again finds what began in an hour that the clocks
        repeat.
        """
        back = CronSim(self.cron, self._local(int(now) + 1), reverse=True)
        found = next((start.timestamp() for start in back), None)
        if found is None:
            return None
        for start in self._starts(found - REPEATED):
            if start > now:
                break
            found = max(found, start)
        return found if found <= now else None

    def next_start(self, now: float) -> float | None:
        """When it begins next; None: never again."""
        if not self.cron:
            return self.start if self.start > now else None
        return next((start for start in self._starts(now) if start > now), None)

    def over(self, now: float) -> bool:
        """It was once, and is past."""
        return not self.cron and self.start + self.seconds <= now

    def _starts(self, after: float) -> Iterable[float]:
        """Beginnings from about `after` on, in order."""
        for start in CronSim(self.cron, self._local(int(after) - 1)):
            yield start.timestamp()

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, ZoneInfo(self.zone))


class Maintenance(Protocol):
    """Keeps the windows that were planned by command. Raises `StorageError` from any method."""

    async def windows(self) -> list[Window]: ...

    async def add(self, window: Window) -> Window:
        """With the id it was given."""
        ...

    async def remove(self, window_id: int) -> bool: ...

    async def clear(self, now: float) -> int:
        """Drop the windows that are past; how many."""
        ...


def check(window: Window) -> None:
    """Whether such a window can be.

    Raises:
        BadWindow: it cannot.
    """
    if not 60 <= window.seconds <= LONGEST:
        raise BadWindow(
            say("A window lasts from one minute to seven days."),
            hint=say("Write its length like 30m, 2h or 1d."),
        )
    if window.cron:
        zone_of(window.zone)
        _check_cron(window.cron)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        BadWindow: there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as exc:
        raise BadWindow(
            say("There is no time zone “{name}”.", name=name[:60]),
            hint=say("Write it as in the tz database: Europe/Berlin, America/New_York, UTC."),
        ) from exc


def _check_cron(expression: str) -> None:
    five = len(expression.split()) == 5
    try:
        next(CronSim(expression if five else "", datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as exc:
        raise BadWindow(
            say("“{cron}” is no schedule: {why}.", cron=expression[:60], why=exc or say("never")),
            hint=say("Five fields: minute hour day month weekday. Sundays at 4: `0 4 * * 0`."),
        ) from exc


def planned_until(windows: Iterable[Window], profile: str, now: float) -> float | None:
    """Until when the profile is expected to be away; None: it is not.

    Windows that overlap or touch count as one.
    """
    mine = [window for window in windows if window.concerns(profile)]
    until: float | None = None
    at = now
    for _ in range(MOST_JOINED):
        ends = [end for window in mine if (end := window.until(at)) is not None]
        if not ends or max(ends) <= at:
            break
        until = at = max(ends)
    return until
