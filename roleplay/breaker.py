"""When a profile is left alone for a while: a circuit breaker as a pure state machine.

closed: requests pass. open: none pass until a time. half-open: that time has come and exactly one
request passes as a trial; its outcome decides. Any good answer or good probe closes it at once.
Health probes and traffic move the same state. Times are on the monotonic clock.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from roleplay.errors import BackendError, BadKey, NoSuchModel, OutOfCredit, TimedOut
from roleplay.ports import ProbeResult

FAILURES = 5
"""So many unhealthy requests in a row open it."""

WAITS = (15.0, 30.0, 60.0, 300.0)
"""Seconds it stays open the first, second, third and every later time in a row."""

LOCKING = frozenset({BadKey.code, OutOfCredit.code, NoSuchModel.code})
"""Waiting mends none of these: only a person, and then a probe or a manual test shows it."""

Phase = Literal["closed", "open", "half-open"]

Verdict = Literal["well", "failed", "down", "locked", "busy", "nothing"]
"""well: it answered. failed: counts towards `FAILURES`. down: opens at once. locked: opens until it
is well again. busy: opens until the server's own time. nothing: says nothing about health."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One observation. `code` and `hint` are for display; `seconds` is for "busy" only."""

    verdict: Verdict
    code: str = ""
    hint: str = ""
    seconds: float = 0.0


WELL = Sign("well")
NOTHING = Sign("nothing")


@dataclass(frozen=True, slots=True)
class Breaker:
    """`until` is 0 when closed and infinite when locked; `openings` counts since it was last well.

    `trial` is set while the one half-open request is under way.
    """

    failures: int = 0
    openings: int = 0
    until: float = 0.0
    trial: bool = False
    code: str = ""
    hint: str = ""

    def phase(self, now: float) -> Phase:
        if not self.until:
            return "closed"
        return "open" if now < self.until else "half-open"

    def passes(self, now: float) -> bool:
        """Whether a request may be sent now."""
        phase = self.phase(now)
        return phase == "closed" or (phase == "half-open" and not self.trial)


def enter(state: Breaker, now: float) -> Breaker:
    """The state once a request that may pass is on its way."""
    return replace(state, trial=True) if state.phase(now) == "half-open" else state


def advance(state: Breaker, sign: Sign, now: float, *, trial: bool = False) -> Breaker:
    """The state after an observation; `trial` when it is the end of the half-open request.

    While it is open, or while a trial is under way, the failures of other requests change nothing:
    those were sent before.
    """
    if sign.verdict == "well":
        return Breaker()
    if trial:
        state = replace(state, trial=False)
    match sign.verdict:
        case "nothing":
            return state
        case "locked":
            return _opened(state, sign, math.inf)
        case "busy":
            until = now + sign.seconds
            return state if until <= state.until else _opened(state, sign, until)
        case "failed":
            return state if state.trial else _failed(state, sign, now)
        case "down":
            return _failed(state, sign, now)


def _failed(state: Breaker, sign: Sign, now: float) -> Breaker:
    phase = state.phase(now)
    if phase == "open":
        return state
    counted = replace(state, failures=state.failures + 1)
    if sign.verdict == "failed" and phase == "closed" and counted.failures < FAILURES:
        return replace(counted, code=sign.code, hint=sign.hint)
    wait = WAITS[min(state.openings, len(WAITS) - 1)]
    return _opened(replace(counted, openings=state.openings + 1), sign, now + wait)


def _opened(state: Breaker, sign: Sign, until: float) -> Breaker:
    return replace(state, until=until, trial=False, code=sign.code, hint=sign.hint)


def sign_of_error(error: BackendError) -> Sign:
    """What one failed request says.

    A request that ran out of the turn's own time ("total") says nothing: others had used it up.
    """
    out_of_time = isinstance(error, TimedOut) and error.timer == "total"
    if error.code in LOCKING:
        return Sign("locked", error.code, error.hint)
    if not error.unhealthy or out_of_time:
        return NOTHING
    return Sign("failed", error.code, error.hint)


def sign_of_leaving(error: BackendError) -> Sign:
    """What it says that a message gave up on a profile after all the tries it had.

    An unhealthy server is then down, so that the next message does not wait for it; a busy one is
    left alone for as long as it asked.
    """
    sign = sign_of_error(error)
    if sign.verdict == "failed":
        return replace(sign, verdict="down")
    if sign.verdict == "nothing" and error.retryable and error.retry_after:
        return Sign("busy", error.code, error.hint, error.retry_after)
    return sign


def sign_of_probe(probe: ProbeResult) -> Sign:
    if probe.state == "up":
        return WELL
    if probe.state == "starting":
        return NOTHING
    return Sign("locked" if probe.code in LOCKING else "down", probe.code, probe.hint)
