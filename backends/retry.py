"""The same request again, after a jittered wait, while nothing was shown yet."""

import random
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace

from backends.breaker import Gate
from backends.retry_budget import RetryBudget
from roleplay.chat import Attempt, Delta, StreamEvent
from roleplay.closing import closing
from roleplay.errors import BackendError, CircuitOpen, Loading
from roleplay.ports import Backend, Clock, ProbeResult
from roleplay.prompt import Prompt

LONGEST_WAIT = 8.0
"""Seconds; the upper edge of the waits is 1, 2, 4 and from then on this."""

LONGEST_HINT = 30.0
"""Seconds a server may ask to wait; above it somebody else is asked instead."""

PATIENCE = 30.0
"""Seconds within which retries begin while another profile is there to ask. Quick failures have
room for all their retries; a server that hangs for a minute is not asked to hang again."""

LOADING_POLLS = (1.0, 2.0, 3.0, 4.0, 5.0)
"""Seconds between looks at a server that loads its model; the last one is repeated."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """`most` is the profile's maxRetries; `patience` is in seconds, infinite for the last one."""

    most: int
    patience: float


class Retrying:
    """A `Backend` over a `Backend` that asks again after failures that may pass.

    Retries end with the first visible text, at the profile's limit, with the profile's retry
    budget, when its breaker opens, and where a wait would not fit the deadline.
    """

    def __init__(
        self,
        inner: Backend,
        rules: RetryRules,
        *,
        gate: Gate,
        budget: RetryBudget,
        probe: Callable[[], Awaitable[ProbeResult]],
        clock: Clock,
        rng: random.Random,
    ) -> None:
        self._inner = inner
        self._rules = rules
        self._gate = gate
        self._budget = budget
        self._probe = probe
        self._clock = clock
        self._rng = rng

    @property
    def name(self) -> str:
        return self._inner.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        """Every `Attempt` carries the wait that follows it.

        Raises:
            BackendError: of the last request that was sent.
        """
        self._budget.request()
        latest = min(deadline, self._clock.monotonic() + self._rules.patience)
        failures: list[BackendError] = []
        while True:
            once = _Once()
            try:
                async with closing(self._inner.stream(prompt, deadline)) as events:
                    async for event in events:
                        for ready in once.take(event):
                            yield ready
            except CircuitOpen as error:
                raise (failures[-1] if failures else error) from None
            except BackendError as error:
                failures.append(error)
                wait = None if once.visible else self._wait(failures, latest)
                for attempt in once.end(wait or 0.0):
                    yield attempt
                if wait is None:
                    raise
            else:
                for attempt in once.end(0.0):
                    yield attempt
                return
            await self._pause(failures[-1], wait, latest)

    def _wait(self, failures: list[BackendError], latest: float) -> float | None:
        """Seconds before the next try; None: give up."""
        error = failures[-1]
        if not self._may_retry(failures):
            return None
        hint = error.retry_after or 0.0
        wait = max(hint, backoff(len(failures) - 1, self._rng))
        if hint > LONGEST_HINT or self._clock.monotonic() + wait >= latest:
            return None
        return wait if self._budget.take() else None

    def _may_retry(self, failures: list[BackendError]) -> bool:
        error = failures[-1]
        same = Counter(failure.code for failure in failures)[error.code]
        return (
            error.retryable
            and len(failures) <= self._rules.most
            and (error.most_retries is None or same <= error.most_retries)
            and self._gate.passes
        )

    async def _pause(self, error: BackendError, wait: float, latest: float) -> None:
        await self._clock.sleep(wait)
        if isinstance(error, Loading):
            await self._until_loaded(latest)

    async def _until_loaded(self, latest: float) -> None:
        """Ask for free whether it is ready, rather than sending the prompt again and again."""
        polls = 0
        while (await self._probe()).state == "starting":
            wait = LOADING_POLLS[min(polls, len(LOADING_POLLS) - 1)]
            if self._clock.monotonic() + wait >= latest:
                return
            await self._clock.sleep(wait)
            polls += 1


def backoff(retry: int, rng: random.Random) -> float:
    """Seconds before retry number `retry`, from 0: uniformly between half of 1, 2, 4, 8 and it."""
    longest = min(2.0**retry, LONGEST_WAIT)
    return rng.uniform(longest / 2, longest)


class _Once:
    """The events of one try; the last `Attempt` is held back until its wait is known."""

    def __init__(self) -> None:
        self.visible = False
        self._held: Attempt | None = None

    def take(self, event: StreamEvent) -> list[StreamEvent]:
        if isinstance(event, Delta):
            self.visible = self.visible or bool(event.text)
            return [event]
        ready: list[StreamEvent] = [self._held] if self._held else []
        self._held = event
        return ready

    def end(self, wait: float) -> list[Attempt]:
        return [replace(self._held, wait=wait)] if self._held else []
