"""The profiles of a chain, one after the other, until one answers."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from backends.breaker import Gate
from roleplay.breaker import sign_of_leaving
from roleplay.chat import Attempt, StreamEvent
from roleplay.closing import closing
from roleplay.errors import AllProfilesFailed, BackendError, StreamBroken, TimedOut
from roleplay.phrases import say
from roleplay.ports import Backend, Clock
from roleplay.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Candidate:
    """One profile of a chain. `last_resort` asks once and heeds no breaker."""

    backend: Backend
    last_resort: Backend
    gate: Gate


class Fallback:
    """A `Backend` over a chain of profiles; each is tried once, those with an open breaker not.

    When every breaker is open the one that opens soonest is asked once all the same: an error that
    nobody checked would be the only alternative.
    """

    def __init__(self, candidates: Sequence[Candidate], clock: Clock) -> None:
        self._candidates = tuple(candidates)
        self._clock = clock

    @property
    def name(self) -> str:
        return self._candidates[0].backend.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        """Stream the first answer.

        Raises:
            StreamBroken: the stream broke after visible text.
            AllProfilesFailed: nobody answered; carries every cause and every attempt.
        """
        causes: list[BackendError] = []
        attempts: list[Attempt] = []
        for backend, gate in self._plan(causes):
            try:
                async with closing(self._ask(backend, prompt, deadline)) as events:
                    async for event in events:
                        if isinstance(event, Attempt):
                            attempts.append(event)
                        yield event
            except BackendError as error:
                error.profile = error.profile or backend.name
                error.attempts = tuple(attempts)
                if isinstance(error, StreamBroken):
                    raise
                gate.note(sign_of_leaving(error))
                causes.append(error)
            else:
                return
            if not causes[-1].next_profile:
                break
        raise _nobody(causes, attempts) from causes[-1]

    async def _ask(
        self, backend: Backend, prompt: Prompt, deadline: float
    ) -> AsyncGenerator[StreamEvent]:
        if self._clock.monotonic() >= deadline:
            raise TimedOut(say("No time was left to ask it."), timer="total")
        async with closing(backend.stream(prompt, deadline)) as events:
            async for event in events:
                yield event

    def _plan(self, causes: list[BackendError]) -> list[tuple[Backend, Gate]]:
        """Whom to ask; those that are not asked go to the causes at once."""
        ready = [c for c in self._candidates if c.gate.passes]
        soonest = min(self._candidates, key=lambda c: c.gate.opens_in)
        causes.extend(
            c.gate.refusal()
            for c in self._candidates
            if c not in ready and (ready or c is not soonest)
        )
        if not ready:
            return [(soonest.last_resort, soonest.gate)]
        return [(c.backend, c.gate) for c in ready]


def _nobody(causes: Sequence[BackendError], attempts: Sequence[Attempt]) -> AllProfilesFailed:
    hints = dict.fromkeys(f"{cause.profile}: {cause.hint}" for cause in causes if cause.hint)
    error = AllProfilesFailed(
        say(
            "No profile answered. {causes}",
            causes=" ".join(f"{cause.profile}: {cause}" for cause in causes),
        ),
        causes=causes,
        hint="\n".join(hints),
    )
    error.attempts = tuple(attempts)
    return error
