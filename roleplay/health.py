"""When is a profile down, and when is it well again: a pure state machine.

Semantics after Gatus: so many failures in a row open an incident, so many successes in a row close
it, one success resets the failures and the other way round. "starting" resets neither.
"""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from roleplay.ports import ProbeResult

Status = Literal["unknown", "up", "starting", "down"]
Transition = Literal["opened", "closed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One observation of a profile, by a probe or by traffic. `at` is seconds since 1970.

    `seconds` is how long the probe took; 0 means: not measured, as with traffic.
    """

    at: float
    result: Literal["ok", "starting", "failed"]
    seconds: float = 0.0
    code: str = ""
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HealthState:
    """What is known of one profile. `since` is when `status` last changed, `latency` in seconds."""

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


@dataclass(frozen=True, slots=True)
class Thresholds:
    failures: int = 3
    successes: int = 2


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage of one profile. `closed_at` None: it goes on."""

    id: int
    profile: str
    opened_at: float
    code: str
    detail: str
    hint: str
    closed_at: float | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """The Discord message that tells one server of one incident.

    `told` is the last state of the incident that Discord took: "open" or "closed".
    """

    incident_id: int
    guild_id: int
    channel_id: int
    message_id: int
    told: Literal["open", "closed"]


class Notifier(Protocol):
    """Is told of what changes. Returns at once and never raises: the telling is its own work."""

    async def opened(self, incident: Incident) -> None: ...

    async def changed(self, incident: Incident) -> None:
        """The incident goes on with a new cause."""
        ...

    async def closed(self, incident: Incident) -> None: ...


class HealthStore(Protocol):
    """Raises `StorageError` from any method."""

    async def states(self) -> dict[str, HealthState]: ...

    async def save(
        self, state: HealthState, outcome: Outcome, transition: Transition | None
    ) -> Incident | None:
        """Store the outcome, the state and what follows of it for the incident, in one step.

        A failure while an incident is open becomes its cause (code, detail, hint, failures).
        Returns the incident that was opened or closed, else None.
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
    seen = replace(
        state,
        checked_at=outcome.at,
        since=min(state.since, outcome.at),
        code=outcome.code,
        detail=outcome.detail,
        hint=outcome.hint,
    )
    if outcome.result == "starting":
        return _starting(seen, outcome), None
    if outcome.result == "ok":
        return _succeeded(seen, outcome, thresholds)
    return _failed(seen, outcome, thresholds)


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
    if state.status == "down" and counted.successes < thresholds.successes:
        return counted, None
    up = replace(counted, status="up", since=outcome.at)
    return up, "closed" if state.status == "down" else None


def _failed(
    state: HealthState, outcome: Outcome, thresholds: Thresholds
) -> tuple[HealthState, Transition | None]:
    counted = replace(state, failures=state.failures + 1, successes=0)
    if state.status == "down" or counted.failures < thresholds.failures:
        return counted, None
    return replace(counted, status="down", since=outcome.at), "opened"


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
    return Outcome(at, result, probe.seconds, probe.code, probe.detail, probe.hint)
