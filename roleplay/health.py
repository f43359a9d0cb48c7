"""When is a profile down, and when is it well again: a pure state machine.

Semantics after Gatus: so many failures in a row open an incident, so many successes in a row close
it, one success resets the failures and the other way round. "starting" resets neither.

A profile that fails again and again must be well for longer each time before it counts as well:
every opening, and every relapse that was nearly one, adds one to its penalty, which halves in
`HALF_LIFE`; from the third on each doubles the successes that are needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from roleplay.incidents import Incident, Member, Notice
from roleplay.ports import ProbeResult

Status = Literal["unknown", "up", "starting", "down"]
Transition = Literal["opened", "closed"]
Source = Literal["probe", "traffic", "completion"]

HALF_LIFE = 1800.0
"""Seconds in which the penalty of a profile that failed again and again halves."""

FREE_OPENINGS = 2
"""Outages within about half an hour that cost nothing more than the usual successes."""

MOST_SUCCESSES = 32
"""In a row, which are asked of a profile at most, unless its threshold is higher."""

DOUBT = 900.0
"""Seconds after a failed message for which a free question alone proves nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One observation of a profile, by a probe or by traffic. `at` is seconds since 1970.

    `seconds` is how long the probe took; 0 means: not measured, as with traffic. `host` and `model`
    say whether the host answered and the model is there; None: not told. `planned`: seen during
    maintenance, so it is kept and does not count.
    """

    at: float
    result: Literal["ok", "starting", "failed"]
    seconds: float = 0.0
    code: str = ""
    detail: str = ""
    hint: str = ""
    source: Source = "probe"
    host: bool | None = None
    model: bool | None = None
    planned: bool = False

    @property
    def answered(self) -> bool:
        """The model itself answered: more than its server."""
        return self.result == "ok" and self.source != "probe"

    @property
    def refused(self) -> bool:
        return self.result == "failed" and self.source != "probe"


@dataclass(frozen=True, slots=True)
class HealthState:
    """What is known of one profile. `since` is when `status` last changed, `latency` in seconds.

    `host` and `model` are as in `Outcome`. `answered_at` is when a model last answered, and
    `refused_at` when a request last failed in a way that no free question has seen since; 0: never.
    """

    profile: str
    status: Status = "unknown"
    since: float = 0.0
    failures: int = 0
    successes: int = 0
    checked_at: float = 0.0
    latency: float | None = None
    code: str = ""
    detail: str = ""
    hint: str = ""
    penalty: float = 0.0
    penalty_at: float = 0.0
    host: bool | None = None
    model: bool | None = None
    answered_at: float = 0.0
    refused_at: float = 0.0

    def penalty_now(self, now: float) -> float:
        return self.penalty * 0.5 ** (max(now - self.penalty_at, 0.0) / HALF_LIFE)

    def unstable(self, now: float) -> bool:
        """It fails so often that it must be well for longer than others to count as well."""
        return _doublings(self, now) > 0

    def doubtful(self, now: float) -> bool:
        """Messages fail although its server may say that all is well."""
        return self.refused_at > self.answered_at and abs(now - self.refused_at) < DOUBT


@dataclass(frozen=True, slots=True)
class Thresholds:
    failures: int = 3
    successes: int = 2


class HealthObserver(Protocol):
    """Is told of every observation that counted. Returns at once and never raises."""

    def moved(self, before: HealthState, after: HealthState) -> None: ...


class Notifier(Protocol):
    """Is told of what changes. Returns at once and never raises: the telling is its own work."""

    async def opened(self, incident: Incident) -> None: ...

    async def changed(self, incident: Incident) -> None:
        """The incident goes on with a new cause, or with other profiles down."""
        ...

    async def closed(self, incident: Incident) -> None: ...


class HealthStore(Protocol):
    """Raises `StorageError` from any method."""

    async def states(self) -> dict[str, HealthState]: ...

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None, host: str = ""
    ) -> Incident | None:
        """Store the outcome, the state and what follows of it for the incident, in one step.

        A failure while an incident is open becomes its cause (code, detail, hint, failures).
        `host` is what profiles fail with together. Returns the incident that was opened, joined,
        recovered from or closed, else None.
        """
        ...

    async def open_incidents(self) -> list[Incident]: ...

    async def incidents(self, profile: str | None = None, limit: int = 20) -> list[Incident]:
        """Newest first."""
        ...

    async def incident(self, incident_id: int) -> Incident | None: ...

    async def notices(self, incident_id: int) -> list[Notice]: ...

    async def save_notice(self, notice: Notice) -> None:
        """Create or replace, by incident and server."""
        ...

    async def notices_of(self, guild_id: int, message_id: int) -> list[Notice]:
        """Those that one message tells, in the order of their incidents."""
        ...

    async def posts(self, since: float) -> Mapping[tuple[int, str], list[float]]:
        """When new messages told of a profile, by server and profile."""
        ...

    async def posted(self, guild_id: int, profiles: tuple[str, ...], at: float) -> None:
        """A new message told of these profiles; those of days before are forgotten."""
        ...

    async def untold(self) -> list[Incident]:
        """Closed incidents of which some notice is still told "open"."""
        ...

    async def forget(self, profile: str) -> None:
        """The profile is gone: drop its state and close its incident."""
        ...


def advance(
    state: HealthState, outcome: Outcome, thresholds: Thresholds
) -> tuple[HealthState, Transition | None]:
    """The state after one outcome, and what that means for the incident.

    An outcome older than the last one (a clock that jumped back) still counts, but `since` never
    lies after `checked_at`.
    """
    seen = replace(_seen(state, outcome), since=min(state.since, outcome.at))
    if outcome.result == "starting":
        return _starting(seen, outcome), None
    if outcome.result == "ok":
        return _succeeded(seen, outcome, thresholds)
    return _failed(seen, outcome, thresholds)


def held(state: HealthState, outcome: Outcome) -> HealthState:
    """The state after an observation during maintenance: it judges nothing.

    What was counted before is void, so that the profile is judged anew once the window is over.
    """
    return replace(state, checked_at=outcome.at, failures=0, successes=0)


def _seen(state: HealthState, outcome: Outcome) -> HealthState:
    return replace(
        state,
        checked_at=outcome.at,
        code=outcome.code,
        detail=outcome.detail,
        hint=outcome.hint,
        host=state.host if outcome.host is None else outcome.host,
        model=state.model if outcome.model is None else outcome.model,
        answered_at=outcome.at if outcome.answered else state.answered_at,
        refused_at=_refused_at(state, outcome),
    )


def _refused_at(state: HealthState, outcome: Outcome) -> float:
    """What a free question sees, too, it will also see the end of: that is no doubt."""
    if outcome.refused:
        return outcome.at
    seen = outcome.source == "probe" and outcome.result != "ok"
    return 0.0 if seen else state.refused_at


def _starting(state: HealthState, outcome: Outcome) -> HealthState:
    if state.status in ("down", "starting"):
        return state
    return replace(state, status="starting", since=outcome.at)


def _succeeded(
    state: HealthState, outcome: Outcome, thresholds: Thresholds
) -> tuple[HealthState, Transition | None]:
    latency = outcome.seconds or state.latency
    counted = replace(state, successes=state.successes + 1, failures=0, latency=latency)
    if state.status == "up":
        return counted, None
    if state.status == "down" and counted.successes < successes_needed(
        state, thresholds, outcome.at
    ):
        return counted, None
    up = replace(counted, status="up", since=outcome.at)
    return up, "closed" if state.status == "down" else None


def _failed(
    state: HealthState, outcome: Outcome, thresholds: Thresholds
) -> tuple[HealthState, Transition | None]:
    counted = replace(state, failures=state.failures + 1, successes=0)
    if state.status == "down":
        relapsed = state.successes >= thresholds.successes
        return _punished(counted, outcome.at) if relapsed else counted, None
    if counted.failures < thresholds.failures:
        return counted, None
    down = replace(counted, status="down", since=outcome.at)
    return _punished(down, outcome.at), "opened"


def _punished(state: HealthState, at: float) -> HealthState:
    """It failed once more: also one that would have counted as well but for its penalty."""
    return replace(state, penalty=state.penalty_now(at) + 1, penalty_at=at)


def successes_needed(state: HealthState, thresholds: Thresholds, now: float) -> int:
    """In a row, until it counts as well again."""
    usual = thresholds.successes
    return max(usual, min(usual << _doublings(state, now), MOST_SUCCESSES))


def _doublings(state: HealthState, now: float) -> int:
    """One less than 2 after two outages at once, so that small decays do not matter."""
    return max(int(state.penalty_now(now) + 0.5) - FREE_OPENINGS, 0)


def cause_of(state: HealthState, at: float) -> Member:
    """What its incident says of a profile that is down since `at`."""
    return Member(state.profile, at, state.code, state.detail, state.hint, state.failures)


def outcome_of(probe: ProbeResult, at: float) -> Outcome:
    """A probe's result as an observation."""
    result: Literal["ok", "starting", "failed"]
    match probe.state:
        case "up":
            result = "ok"
        case "starting":
            result = "starting"
        case "down":
            result = "failed"
    return Outcome(
        at,
        result,
        probe.seconds,
        probe.code,
        probe.detail,
        probe.hint,
        "completion" if probe.answered else "probe",
        probe.host,
        probe.listed,
    )
