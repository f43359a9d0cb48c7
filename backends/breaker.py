"""Leaves a sick server alone: the breaker of a profile, and the `Backend` that heeds it."""

import logging
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from roleplay.breaker import NOTHING, WELL, Breaker, Phase, Sign, advance, enter, sign_of_error
from roleplay.chat import Delta, StreamEvent
from roleplay.closing import closing
from roleplay.errors import BackendError, CircuitOpen
from roleplay.phrases import say
from roleplay.ports import Backend, Clock
from roleplay.prompt import Prompt

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BreakerStatus:
    """For display. `seconds` until the next request may pass; None: when it is well again."""

    phase: Phase
    seconds: float | None = 0.0
    code: str = ""
    hint: str = ""


class Gate:
    """The one breaker of a profile, shared by every chain, its probes and manual tests."""

    def __init__(self, profile: str, clock: Clock) -> None:
        self.profile = profile
        self.state = Breaker()
        self._clock = clock

    @property
    def passes(self) -> bool:
        return self.state.passes(self._clock.monotonic())

    @property
    def opens_in(self) -> float:
        """Seconds until a request may pass; infinite when locked."""
        return max(self.state.until - self._clock.monotonic(), 0.0)

    @property
    def status(self) -> BreakerStatus:
        phase = self.state.phase(self._clock.monotonic())
        seconds = None if math.isinf(self.opens_in) else self.opens_in
        return BreakerStatus(phase, seconds, self.state.code, self.state.hint)

    def enter(self) -> bool:
        """A request is on its way; whether it is the half-open trial."""
        before = self.state
        self.state = enter(before, self._clock.monotonic())
        return self.state.trial and not before.trial

    def note(self, sign: Sign, *, trial: bool = False) -> None:
        before = self.state.until
        self.state = advance(self.state, sign, self._clock.monotonic(), trial=trial)
        if bool(before) != bool(self.state.until):
            word = "open" if self.state.until else "closed"
            log.info("The breaker of %s is %s %s", self.profile, word, sign.code)

    def refusal(self) -> CircuitOpen:
        wait = self.opens_in
        return CircuitOpen(
            say("Not asked, because it failed before ({code}).", code=self.state.code or "trial"),
            hint=self.state.hint,
            profile=self.profile,
            retry_after=None if math.isinf(wait) else wait,
        )


class Guarded:
    """Lets requests pass by a gate and tells it how they end.

    With `heed` False nothing is refused, but outcomes count all the same.
    """

    def __init__(self, inner: Backend, gate: Gate, *, heed: bool = True) -> None:
        self._inner = inner
        self._gate = gate
        self._heed = heed

    @property
    def name(self) -> str:
        return self._inner.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        """Raises `CircuitOpen` at once when the breaker is open, else what the inner one raises."""
        if self._heed and not self._gate.passes:
            raise self._gate.refusal()
        trial = self._gate.enter()
        sign = NOTHING
        try:
            async with closing(self._inner.stream(prompt, deadline)) as events:
                async for event in events:
                    if sign is not WELL and isinstance(event, Delta) and event.text:
                        sign = WELL
                        self._gate.note(sign)
                    yield event
        except BackendError as error:
            sign = sign_of_error(error)
            raise
        finally:
            if sign is not WELL:
                self._gate.note(sign, trial=trial)
