"""Watches profiles: probes and real traffic go in, states and incidents come out.

Traffic is thinned, because one message makes up to four requests within seconds and a busy channel
hundreds a minute, while the thresholds are meant for probes a minute apart: a request counts only
when it says something else than the last observation did, or when that was `SPACING` seconds ago.
So a dead server is known after 40 seconds of failing traffic instead of three probes, one message
with its retries counts as one failure, and no burst closes an incident. A success while all is well
tells nothing and is not even stored.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from roleplay.chat import Attempt
from roleplay.errors import BackendError, RoleForgeError, StorageError
from roleplay.health import (
    HealthState,
    HealthStore,
    Incident,
    Notifier,
    Outcome,
    Thresholds,
    Transition,
    advance,
    outcome_of,
)
from roleplay.ports import Clock, Prober

log = logging.getLogger(__name__)

SPACING = 20.0
"""Seconds between two requests that count and say the same."""


def _family(error: type[BackendError]) -> Iterator[type[BackendError]]:
    yield error
    for child in error.__subclasses__():
        yield from _family(child)


UNHEALTHY = frozenset(error.code for error in _family(BackendError) if error.unhealthy)
"""Codes that speak against the server itself, not against one request or the account's pace."""


class Monitor:
    """The states of all profiles. `load` comes first, once."""

    def __init__(
        self,
        prober: Prober,
        store: HealthStore,
        clock: Clock,
        notifier: Notifier,
        *,
        thresholds: Thresholds,
        concurrency: int,
    ) -> None:
        self._prober = prober
        self._store = store
        self._clock = clock
        self._notifier = notifier
        self._thresholds = thresholds
        self._free = asyncio.Semaphore(concurrency)
        self._states: dict[str, HealthState] = {}
        self._open: dict[str, Incident] = {}
        self._counted: dict[str, tuple[str, float]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self, profiles: Collection[str]) -> None:
        """Take up what was known before a restart, but for profiles that are no longer there.

        Raises:
            StorageError: the states are not all known.
        """
        states = await self._store.states()
        incidents = {incident.profile: incident for incident in await self._store.open_incidents()}
        for profile in sorted({*states, *incidents}.difference(profiles)):
            await self._store.forget(profile)
        self._states = {name: state for name, state in states.items() if name in profiles}
        self._open = {name: incident for name, incident in incidents.items() if name in profiles}

    def adjust(self, thresholds: Thresholds, concurrency: int) -> None:
        """Other settings from the next check on."""
        self._thresholds = thresholds
        self._free = asyncio.Semaphore(concurrency)

    def state(self, profile: str) -> HealthState:
        return self._states.get(profile, HealthState(profile))

    def incident(self, profile: str) -> Incident | None:
        """The profile's incident that goes on."""
        return self._open.get(profile)

    async def sweep(self, profiles: Iterable[str]) -> None:
        """Probe each profile, a few at a time. One check that breaks does not touch the others."""
        await asyncio.gather(*(self._check(profile) for profile in profiles))

    async def _check(self, profile: str) -> None:
        async with self._free:
            try:
                found = await self._prober.probe(profile)
                await self._take(profile, outcome_of(found, self._clock.now()))
            except RoleForgeError as exc:
                log.warning("The check of %s does not count: %s", profile, exc)
            except Exception:
                log.exception("The check of %s broke", profile)

    async def observe(self, attempt: Attempt) -> None:
        """Let a request of real traffic count. Never raises for a sick database."""
        outcome = _heard(attempt, self._clock.now())
        if outcome is None or not self._counts(attempt.profile, outcome):
            return
        try:
            await self._take(attempt.profile, outcome)
        except StorageError as exc:
            log.warning("Health of %s was not stored: %s", attempt.profile, exc)

    async def forget(self, profile: str) -> None:
        """The profile is gone.

        Raises:
            StorageError: it is still known.
        """
        async with self._turns[profile]:
            await self._store.forget(profile)
            self._states.pop(profile, None)
            self._counted.pop(profile, None)
            incident = self._open.pop(profile, None)
        if incident:
            await self._notifier.closed(replace(incident, closed_at=self._clock.now()))

    def _counts(self, profile: str, outcome: Outcome) -> bool:
        state = self.state(profile)
        if outcome.result == "ok" and state.status == "up" and not state.failures:
            return False
        result, at = self._counted.get(profile, ("", 0.0))
        return outcome.result != result or self._clock.monotonic() - at >= SPACING

    async def _take(self, profile: str, outcome: Outcome) -> None:
        """Store first: a transition that was not stored has not happened and comes again."""
        self._counted[profile] = (outcome.result, self._clock.monotonic())
        async with self._turns[profile]:
            state, transition = advance(self.state(profile), outcome, self._thresholds)
            incident = await self._store.save(state, outcome, transition)
            self._states[profile] = state
            await self._tell(state, outcome, transition, incident)

    async def _tell(
        self,
        state: HealthState,
        outcome: Outcome,
        transition: Transition | None,
        incident: Incident | None,
    ) -> None:
        if transition == "closed":
            self._open.pop(state.profile, None)
            if incident:
                await self._notifier.closed(incident)
        elif transition == "opened" and incident:
            self._open[state.profile] = incident
            await self._notifier.opened(incident)
        elif outcome.result == "failed":
            await self._tell_cause(state)

    async def _tell_cause(self, state: HealthState) -> None:
        incident = self._open.get(state.profile)
        if incident is None or state.code == incident.code:
            return
        self._open[state.profile] = replace(
            incident,
            code=state.code,
            detail=state.detail,
            hint=state.hint,
            failures=state.failures,
        )
        await self._notifier.changed(self._open[state.profile])


def _heard(attempt: Attempt, now: float) -> Outcome | None:
    if attempt.outcome == "answered":
        return Outcome(now, "ok")
    if attempt.outcome in UNHEALTHY:
        return Outcome(now, "failed", 0.0, attempt.outcome, attempt.detail, attempt.hint)
    return None
