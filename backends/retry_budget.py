"""Keeps retries a small part of a profile's traffic, so that they do not keep a server down."""

from collections import deque

from roleplay.ports import Clock

PERIOD = 60.0
"""Seconds that are looked back on."""

SHARE = 0.2
"""Retries for each first request, beyond the floor."""


class RetryBudget:
    """One profile's. `floor` retries are always allowed in a period: a quiet bot has them all."""

    def __init__(self, floor: int, clock: Clock) -> None:
        self._floor = floor
        self._clock = clock
        self._requests: deque[float] = deque()
        self._retries: deque[float] = deque()

    def request(self) -> None:
        """A message is about to be sent for the first time."""
        self._forget()
        self._requests.append(self._clock.monotonic())

    def take(self) -> bool:
        """Use one retry; False: there is none left for now."""
        self._forget()
        allowed = len(self._retries) < self._floor + int(SHARE * len(self._requests))
        if allowed:
            self._retries.append(self._clock.monotonic())
        return allowed

    def _forget(self) -> None:
        before = self._clock.monotonic() - PERIOD
        for times in (self._requests, self._retries):
            while times and times[0] <= before:
                times.popleft()
