"""Is it them, or is it us? Asked before a silent server is blamed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from roleplay.health import Outcome
from roleplay.places import Place
from roleplay.ports import Clock

log = logging.getLogger(__name__)

NETWORK_CODES = frozenset({"unreachable", "timeout"})
"""Codes that our own network would cause, too."""

FRESH = 90.0
"""Seconds for which it counts that another host was reached."""

REMEMBERED = 10.0
"""Seconds for which an answer about our own connection holds."""


class Connection(Protocol):
    """Reaches out where a profile does not. Never raises."""

    async def online(self) -> bool:
        """Whether Discord, or one of the configured targets, can be reached."""
        ...


@dataclass(frozen=True, slots=True)
class Reached:
    """What was last heard of a host. `at` is on the monotonic clock."""

    place: Place
    at: float
    well: bool


def may_be_us(place: Place, outcome: Outcome) -> bool:
    """Whether our own network would explain this failure."""
    silent = outcome.result == "failed" and outcome.code in NETWORK_CODES and not outcome.host
    return silent and place.zone != "machine" and bool(place.host)


def others_answer(place: Place, heard: Iterable[Reached], now: float) -> bool:
    """Whether other hosts prove that we are online; our own network says nothing of the internet.

    `now` is on the monotonic clock.
    """
    return any(
        each.well
        and now - each.at < FRESH
        and each.place.host != place.host
        and (each.place.zone == "internet" or place.zone == each.place.zone == "lan")
        for each in heard
    )


class OwnConnection:
    """`offline_since` is in seconds since 1970, None while we are online as far as is known."""

    def __init__(self, connection: Connection | None, clock: Clock) -> None:
        self.offline_since: float | None = None
        self._connection = connection
        self._clock = clock
        self._heard: dict[str, Reached] = {}
        self._asked: tuple[float, bool] | None = None

    def hear(self, place: Place, outcome: Outcome) -> None:
        """Remember what was seen of a host that is not this machine."""
        if not place.host or place.zone == "machine":
            return
        well = not may_be_us(place, outcome)
        self._heard[place.host] = Reached(place, self._clock.monotonic(), well)
        if well and place.zone == "internet":
            self._back()

    async def explains(self, place: Place, outcome: Outcome) -> bool:
        """Whether we ourselves are offline, so that this failure says nothing of its server."""
        if self._connection is None or not may_be_us(place, outcome):
            return False
        if others_answer(place, self._heard.values(), self._clock.monotonic()):
            return False
        if await self._online(self._connection):
            self._back()
            return False
        if self.offline_since is None:
            self.offline_since = self._clock.now()
            log.warning("I am offline: nothing can be reached, so no server is blamed for it")
        return True

    async def _online(self, connection: Connection) -> bool:
        now = self._clock.monotonic()
        if self._asked is None or now - self._asked[0] >= REMEMBERED:
            self._asked = (now, await connection.online())
        return self._asked[1]

    def _back(self) -> None:
        if self.offline_since is not None:
            log.warning("I am online again")
            self.offline_since = None
            self._asked = None
