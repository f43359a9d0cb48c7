"""Four clocks over one request, because a client's read timeout is restarted by every byte."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from backends.address import is_local
from roleplay.errors import TimedOut
from roleplay.phrases import say
from roleplay.profiles import CLOUD, LOCAL, ConnectionProfile

T = TypeVar("T")

AFTER_END = 2.0
"""Seconds given to a reply that is complete, for its usage and the end of its body."""


class Limits:
    """A profile's timeouts in seconds, filled up by where its server is."""

    def __init__(self, profile: ConnectionProfile) -> None:
        chosen, usual = profile.timeouts, LOCAL if is_local(profile.base_url) else CLOUD
        self.connect = chosen.connect or usual.connect or 0.0
        self.first_token = chosen.first_token or usual.first_token or 0.0
        self.gap = chosen.gap or usual.gap or 0.0
        self.total = chosen.total or usual.total or 0.0
        self.probe = chosen.probe or usual.probe or 0.0


class Timers:
    """Started when the request is sent. `deadline` is on the monotonic clock."""

    def __init__(self, limits: Limits, deadline: float, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._started = monotonic()
        self._total = min(self._started + limits.total, deadline)
        self._next = self._started + limits.first_token
        self._waiting_for = "first_token"

    def progress(self) -> None:
        """A token came: speech or reasoning, not a comment."""
        self._next = self._monotonic() + self._limits.gap
        self._waiting_for = "gap"

    def ending(self) -> None:
        """All was said; what is left may take `AFTER_END`."""
        if self._waiting_for != "end":
            self._next = self._monotonic() + AFTER_END
            self._waiting_for = "end"

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Wait until the nearest clock runs out.

        Raises:
            TimedOut: it did; the awaitable was cancelled.
        """
        timer = self._waiting_for if self._next < self._total else "total"
        try:
            async with asyncio.timeout(min(self._next, self._total) - self._monotonic()):
                return await awaitable
        except TimeoutError as exc:
            raise self._expired(timer) from exc

    def _expired(self, timer: str) -> TimedOut:
        waited = round(self._monotonic() - self._started, 1)
        return TimedOut(_said(timer, waited, self._limits.gap), timer=timer, hint=_hint(timer))


@asynccontextmanager
async def probe_timeout(seconds: float, hint: str = "") -> AsyncGenerator[None]:
    """Bounds a question; `hint` replaces the advice to allow a free one more.

    Raises:
        TimedOut: it took longer.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as exc:
        raise TimedOut(
            say("There was no answer within {seconds} s.", seconds=seconds),
            timer="total",
            hint=hint or say("It may be busy or hang. timeouts.probe of the profile allows more."),
        ) from exc


def _said(timer: str, waited: float, gap: float) -> str:
    if timer == "first_token":
        return say("No token came in {seconds} s.", seconds=waited)
    if timer == "gap":
        return say("The reply stopped growing for {seconds} s.", seconds=gap)
    return say("The reply was not complete after {seconds} s.", seconds=waited)


def _hint(timer: str) -> str:
    if timer == "first_token":
        return say(
            "The model may still be loading, the prompt long, or others first in line. "
            "timeouts.firstToken of the profile allows more."
        )
    if timer == "gap":
        return say("The server may hang; look at its log. timeouts.gap of the profile allows more.")
    return say(
        "A smaller max_completion_tokens makes it shorter; timeouts.total of the profile and "
        "chat.deadline allow more."
    )
