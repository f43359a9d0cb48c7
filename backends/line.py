"""Everything that belongs to one profile, from its connections to what was learned about it."""

import logging
import math
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from backends.address import is_local
from backends.answer_check import AnswerCheck
from backends.breaker import Gate, Guarded
from backends.fallback import Candidate
from backends.fitted import FittedServer
from backends.limits import Limited, Slots
from backends.meter import Meter
from backends.preview import Preview
from backends.retry import PATIENCE, Retrying, RetryRules
from backends.retry_budget import RetryBudget
from backends.server import Server
from backends.window import Window
from roleplay.breaker import WELL, sign_of_error, sign_of_probe
from roleplay.cautions import cautions
from roleplay.ladder import QUESTION_TOKENS, Completion, Spend, answer_tokens, spend_of
from roleplay.ports import Clock, ProbeResult
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import Prompt
from roleplay.templates.overhead import overhead_of
from roleplay.tokens import CHAT, Weight

log = logging.getLogger(__name__)

LOCAL_CONCURRENCY = 4
CLOUD_CONCURRENCY = 16

LEAST_RETRY_FLOOR = 3


class Line:
    """One profile, open. Its parts are shared by every chain the profile is in.

    From outside in: retry, limit, breaker, fit, server. Each single request passes the breaker, so
    that a half-open trial is one request and retries end when it opens. The limit stands before the
    breaker, so that those who waited in line see its newest state; and inside retry, so that a
    waiting retry holds no place.
    """

    def __init__(
        self,
        profile: ConnectionProfile,
        server: Server,
        *,
        clock: Clock,
        rng: random.Random,
        weigh: Callable[[str], Weight],
    ) -> None:
        self.profile = profile
        self.server = server
        self.users = 0
        self.local = is_local(server.profile.base_url)
        self.gate = Gate(profile.name, clock)
        concurrency = LOCAL_CONCURRENCY if self.local else CLOUD_CONCURRENCY
        self.slots = Slots(profile.max_concurrent or concurrency, clock)
        self.found: ProbeResult | None = None
        self.answered_by = ""
        self._answers = AnswerCheck(clock)
        self._told: set[str] = set()
        self._window = Window(profile)
        self._budget = RetryBudget(max(server.profile.max_retries, LEAST_RETRY_FLOOR), clock)
        self._clock = clock
        self._rng = rng
        self._stack = AsyncExitStack()
        template = profile.text_template
        overhead = overhead_of(template) if template else CHAT
        self._meter = Meter(_vocabulary(server), weigh, overhead)
        self._fitted = FittedServer(
            server, self._window, self._meter, clock, answered=self._answered
        )

    async def open(self) -> None:
        await self._stack.enter_async_context(self.server)

    async def close(self) -> None:
        await self._stack.aclose()

    def candidate(self, *, last: bool) -> Candidate:
        """Its place in a chain; `last` when no other profile follows."""
        patience = math.inf if last else PATIENCE
        retrying = Retrying(
            Limited(Guarded(self._fitted, self.gate), self.slots),
            RetryRules(self.server.profile.max_retries, patience),
            gate=self.gate,
            budget=self._budget,
            probe=self.probe,
            clock=self._clock,
            rng=self._rng,
        )
        return Candidate(retrying, self.last_resort(), self.gate)

    def last_resort(self) -> Limited:
        """One request, whatever the breaker says."""
        return Limited(Guarded(self._fitted, self.gate, heed=False), self.slots)

    async def probe(self) -> ProbeResult:
        """Ask the server for free; breaker and window take note."""
        found = await self.server.probe()
        self.gate.note(sign_of_probe(found))
        if found.state == "up":
            self._learn(found)
        return found

    def preview(self, prompt: Prompt) -> Preview:
        """See `FittedServer.preview`."""
        return self._fitted.preview(prompt)

    async def complete(self) -> Completion:
        """Ask the model itself for the shortest answer; the breaker takes note."""
        completion, error = await self._answers.ask(self.server, self._answer_tokens)
        if error is None or completion.result.answered:
            self.gate.note(sign_of_error(error) if error and error.unhealthy else WELL)
        return completion

    @property
    def most(self) -> Spend:
        """What one such answer may take at most."""
        return spend_of(self.server.profile, QUESTION_TOKENS, self._answer_tokens)

    @property
    def _answer_tokens(self) -> int:
        return answer_tokens(self.server.profile, reasons=self._answers.reasons)

    @property
    def window(self) -> int:
        """Tokens."""
        return self._window.tokens

    @property
    def cautions(self) -> tuple[str, ...]:
        """What its admin should know although it answers."""
        today = datetime.fromtimestamp(self._clock.now(), UTC).date()
        return tuple(cautions(self.server.profile, self.found, self.answered_by, today))

    def _learn(self, found: ProbeResult) -> None:
        self.found = found
        self._meter.vocabulary = _vocabulary(self.server)
        if found.window:
            self._window.told(found.window)
        if found.slots and self.profile.max_concurrent is None:
            self.slots.resize(found.slots)
        self._warn()

    def _answered(self, model: str) -> None:
        if model != self.answered_by:
            self.answered_by = model
            self._warn()

    def _warn(self) -> None:
        """Tell the log each caution once."""
        for caution in self.cautions:
            if caution not in self._told:
                self._told.add(caution)
                log.warning("%s: %s", self.profile.name, caution)


def _vocabulary(server: Server) -> str:
    return server.tokenizer.id if server.tokenizer else ""
