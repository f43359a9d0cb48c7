"""Channels that wait for their profile to come back, instead of being answered by another."""

from dataclasses import dataclass
from typing import Protocol

from roleplay.errors import AllProfilesFailed, CircuitOpen, Loading, RateLimited, RoleForgeError
from roleplay.phrases import say
from roleplay.transcript import Turn

MOST_WAITING = 25
"""Channels that wait for one profile; a further one is told at once that nobody answers."""

TOO_OLD = 6 * 3600.0
"""Seconds after which nobody wants the answer any more unless they say so."""


@dataclass(frozen=True, slots=True)
class Held:
    """One channel's wait: its newest unanswered turn stands for all that was said before it.

    `since` is when it began, in seconds since 1970; `messages` how many wait; `line_id` the
    Discord message that says so, 0 for none yet.
    """

    channel_id: int
    guild_id: int | None
    parent_id: int | None
    turn_id: int
    profile: str
    since: float
    messages: int = 1
    line_id: int = 0


class WaitingLine(Protocol):
    """Raises `StorageError` from any method."""

    async def of(self, channel_id: int) -> Held | None: ...

    async def all(self) -> list[Held]:
        """Those that wait longest first."""
        ...

    async def save(self, held: Held) -> None:
        """Create or replace, by channel."""
        ...

    async def remove(self, channel_id: int) -> None: ...


class Patience(Protocol):
    """Takes a turn that nobody answered, to be answered later. Raises `RoleForgeError`."""

    async def hold(self, turn: Turn, parent_id: int | None, error: RoleForgeError) -> bool:
        """False: it is not to wait, or cannot; then it has failed."""
        ...


def worth_waiting(error: RoleForgeError) -> bool:
    """Whether time, or an admin, may mend what kept a turn from being answered."""
    causes = error.causes if isinstance(error, AllProfilesFailed) else ()
    return any(
        cause.unhealthy or isinstance(cause, CircuitOpen | Loading | RateLimited)
        for cause in causes
    )


def place(held: Held, line: list[Held]) -> int:
    """From 1, among those that wait for the same profile."""
    ahead = [
        each
        for each in line
        if each.profile == held.profile
        and each.channel_id != held.channel_id
        and each.since < held.since
    ]
    return len(ahead) + 1


def told(held: Held, number: int) -> str:
    """The line that people read while they wait."""
    if held.messages > 1:
        waits = say("{count} messages wait here", count=held.messages)
    else:
        waits = say("This message waits")
    return say(
        "`{profile}` is down. {waits}, number {place} in line, for when it is back.",
        profile=held.profile,
        waits=waits,
        place=number,
    )


def given_up(held: Held) -> str:
    return say(
        "`{profile}` was down for too long. Press *Try again* if you still want an answer.",
        profile=held.profile,
    )
