"""Watches profiles: probes and real traffic go in, states and incidents come out.

Traffic is thinned, because one message makes up to four requests within seconds and a busy channel
hundreds a minute, while the thresholds are meant for probes a minute apart: a request counts only
when it says something else than the last observation did, or when that was `SPACING` seconds ago.
So a dead server is known after 40 seconds of failing traffic instead of three probes, one message
with its retries counts as one failure, and no burst closes an incident. A success while all is well
tells nothing and is not even stored.

While messages fail, a free question that is answered well proves nothing: it counts as neither
until a message, or a whole answer that was asked for, succeeds. What happens during maintenance
judges nothing, and before a silent server on another machine is blamed, our own connection is
looked at.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from roleplay.chat import Attempt
from roleplay.connectivity import OwnConnection
from roleplay.errors import BackendError, RoleForgeError, StorageError
from roleplay.health import (
    HealthObserver,
    HealthState,
    HealthStore,
    Notifier,
    Outcome,
    Thresholds,
    Transition,
    advance,
    held,
    outcome_of,
    successes_needed,
)
from roleplay.incidents import Incident
from roleplay.places import NOWHERE, Place
from roleplay.ports import Clock, Prober, ProbeResult

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
    """The states of all profiles. `load` comes first, once.

    `place` tells where a profile's server stands, `planned` until when it is expected to be away.
    With `deepens` somebody asks for whole answers when messages fail.
    """

    def __init__(
        self,
        prober: Prober,
        store: HealthStore,
        clock: Clock,
        notifier: Notifier,
        *,
        thresholds: Thresholds,
        concurrency: int,
        place: Callable[[str], Place] = lambda _: NOWHERE,
        planned: Callable[[str], float | None] = lambda _: None,
        own: OwnConnection | None = None,
        observers: Sequence[HealthObserver] = (),
        deepens: bool = False,
    ) -> None:
        self.own = own or OwnConnection(None, clock)
        self.deepens = deepens
        self.planned_until = planned
        self._prober = prober
        self._store = store
        self._clock = clock
        self._notifier = notifier
        self._thresholds = thresholds
        self._free = asyncio.Semaphore(concurrency)
        self._place = place
        self._observers = observers
        self._states: dict[str, HealthState] = {}
        self._open: dict[str, Incident] = {}
        self._counted: dict[str, tuple[str, float]] = {}
        self._probed: dict[str, float] = {}
        self._probing: set[str] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self, profiles: Collection[str]) -> None:
        """Take up what was known before a restart, but for profiles that are no longer there.

        Raises:
            StorageError: the states are not all known.
        """
        states = await self._store.states()
        going = await self._store.open_incidents()
        down = {profile for incident in going for profile in incident.down}
        for profile in sorted({*states, *down}.difference(profiles)):
            await self._store.forget(profile)
        self._states = {name: state for name, state in states.items() if name in profiles}
        self._open = {}
        self._take_up(await self._store.open_incidents())

    def adjust(self, thresholds: Thresholds, concurrency: int) -> None:
        """Other settings from the next check on."""
        self._thresholds = thresholds
        self._free = asyncio.Semaphore(concurrency)

    def state(self, profile: str) -> HealthState:
        return self._states.get(profile, HealthState(profile))

    def incident(self, profile: str) -> Incident | None:
        """The incident in which the profile is down."""
        return self._open.get(profile)

    def checks_needed(self, profile: str) -> int:
        """Successes in a row until an unstable profile counts as well; 0: it is not unstable."""
        state, now = self.state(profile), self._clock.now()
        return successes_needed(state, self._thresholds, now) if state.unstable(now) else 0

    async def sweep(self, profiles: Iterable[str]) -> None:
        """Probe each profile, a few at a time. One check that breaks does not touch the others."""
        await asyncio.gather(*(self._check(profile) for profile in profiles))

    async def confirm(self, spacing: float) -> None:
        """Probe those that are about to change, if their last probe was `spacing` seconds ago."""
        now = self._clock.monotonic()
        await self.sweep(
            [
                name
                for name, state in self._states.items()
                if _unsettled(state) and now - self._probed.get(name, 0.0) >= spacing
            ]
        )

    async def _check(self, profile: str) -> None:
        if profile in self._probing:
            return
        self._probing.add(profile)
        try:
            async with self._free:
                self._probed[profile] = self._clock.monotonic()
                found = await self._prober.probe(profile)
                await self.judge(profile, found)
        except RoleForgeError as exc:
            log.warning("The check of %s does not count: %s", profile, exc)
        except Exception:
            log.exception("The check of %s broke", profile)
        finally:
            self._probing.discard(profile)

    async def judge(self, profile: str, found: ProbeResult) -> None:
        """Let what was found out about a profile count.

        Raises:
            StorageError: it does not count.
        """
        await self._take(profile, outcome_of(found, self._clock.now()))

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
            after = await self._store.incident(incident.id)
            await self._tell(None, after or replace(incident, closed_at=self._clock.now()))

    def _counts(self, profile: str, outcome: Outcome) -> bool:
        state = self.state(profile)
        if outcome.result == "ok" and state.status == "up" and not state.failures:
            self._states[profile] = replace(state, answered_at=outcome.at)
            return False
        result, at = self._counted.get(profile, ("", 0.0))
        return outcome.result != result or self._clock.monotonic() - at >= SPACING

    async def _take(self, profile: str, outcome: Outcome) -> None:
        """Store first: a transition that was not stored has not happened and comes again."""
        place = self._place(profile)
        self.own.hear(place, outcome)
        planned = self.planned_until(profile) is not None
        open_question = not planned and self.state(profile).status != "down"
        if open_question and await self.own.explains(place, outcome):
            return
        self._counted[profile] = (outcome.result, self._clock.monotonic())
        async with self._turns[profile]:
            before = self.state(profile)
            if planned:
                state, transition = held(before, outcome), None
                outcome = replace(outcome, planned=True)
            elif self._proves_nothing(before, outcome):
                return
            else:
                state, transition = advance(before, outcome, self._thresholds)
            incident = await self._store.save(state, outcome, transition, place.host)
            self._states[profile] = state
            for observer in self._observers:
                observer.moved(before, state)
            if incident:
                await self._tell(transition, incident)
            elif outcome.result == "failed" and not planned:
                await self._tell_cause(state)

    def _proves_nothing(self, state: HealthState, outcome: Outcome) -> bool:
        free = outcome.result == "ok" and outcome.source == "probe"
        return self.deepens and free and state.doubtful(outcome.at)

    def _take_up(self, incidents: Iterable[Incident]) -> None:
        for incident in incidents:
            for profile in incident.profiles:
                if self._open.get(profile, incident).id == incident.id:
                    self._open.pop(profile, None)
            self._open |= dict.fromkeys(incident.down, incident)

    async def _tell(self, transition: Transition | None, incident: Incident) -> None:
        self._take_up([incident])
        if transition == "opened":
            names = ", ".join(incident.down)
            log.info("Incident %d: %s is down (%s)", incident.id, names, incident.code)
        elif incident.closed_at is not None:
            lasted = incident.closed_at - incident.opened_at
            log.info("Incident %d is over after %.0f s", incident.id, lasted)
        if incident.closed_at is not None:
            await self._notifier.closed(incident)
        elif transition == "opened" and len(incident.members) == 1:
            await self._notifier.opened(incident)
        else:
            await self._notifier.changed(incident)

    async def _tell_cause(self, state: HealthState) -> None:
        """The words of a server change with each try; only another kind of failure is news."""
        within = self._open.get(state.profile)
        if within is None:
            return
        after = await self._store.incident(within.id)
        if after is None:
            return
        self._take_up([after])
        if after.code != within.code:
            await self._notifier.changed(after)


def _unsettled(state: HealthState) -> bool:
    if state.status == "down":
        return state.successes > 0
    return state.failures > 0


def _heard(attempt: Attempt, now: float) -> Outcome | None:
    if attempt.outcome == "answered":
        return Outcome(now, "ok", source="traffic", host=True, model=True)
    if attempt.outcome in UNHEALTHY:
        code, detail, hint = attempt.outcome, attempt.detail, attempt.hint
        return Outcome(now, "failed", 0.0, code, detail, hint, "traffic")
    return None
