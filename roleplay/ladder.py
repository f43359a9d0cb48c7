"""Which rungs of a check are climbed when: free ones always, a whole answer seldom. Pure.

Free questions tell whether the host is up and the model is there. Only an answer tells that the
model answers, and it costs tokens: so it is asked for on a slow schedule, or when messages fail
although the free questions say that all is well, and never beyond what a day may cost.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from roleplay.health import HealthState
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile

PLAIN_TOKENS = 32
REASONING_TOKENS = 512
"""Tokens that a check's answer may have: some servers refuse less than 16, and a model that
reasons thinks before its first word. The check leaves at the first token it hears."""

QUESTION_TOKENS = 64
"""What the question weighs at most, the server's own template included."""

SOON = 15.0
"""Seconds between two answers that are asked for on suspicion, until a profile counts as down."""

LATER = 120.0
"""The same while it is down."""

DAY = 86400

Why = Literal["", "schedule", "suspicion"]


@dataclass(frozen=True, slots=True)
class Spend:
    """What checks took; `cost` in the currency of the profile's price."""

    checks: int = 0
    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class CompletionRule:
    """`every` is in seconds, 0: not by schedule. `tokens`, `cost`: at most on a profile's day."""

    every: float = 0.0
    on_suspicion: bool = True
    tokens: int = 20_000
    cost: float = 0.05


class Spending(Protocol):
    """Keeps what checks cost. Days count from 1970, UTC. Raises `StorageError`."""

    async def spent(self, profile: str, day: int) -> Spend: ...

    async def spend(self, profile: str, day: int, more: Spend) -> None:
        """Add; amounts may be negative, to give back what was set aside."""
        ...


@dataclass(frozen=True, slots=True)
class Completion:
    """How one whole answer went. `tokens` None: the server did not count them."""

    result: ProbeResult
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completer(Protocol):
    """Asks a model for the shortest answer. Never raises for a sick server."""

    async def complete(self, profile: str, /) -> Completion: ...

    def most(self, profile: str, /) -> Spend:
        """What one such answer may take at most."""
        ...

    def busy(self, profile: str, /) -> bool:
        """Messages are being answered: they tell as much, and a check would wait behind them."""
        ...


def reason_to_ask(state: HealthState, rule: CompletionRule, asked_at: float, now: float) -> Why:
    """Whether a whole answer is due; `asked_at` is when one was asked for last, 0: never."""
    if rule.on_suspicion and state.doubtful(now):
        spacing = LATER if state.status == "down" else SOON
        return "suspicion" if _passed(asked_at, now, spacing) else ""
    if rule.every and state.status in ("up", "unknown"):
        last = max(asked_at, state.answered_at)
        return "schedule" if _passed(last, now, rule.every) else ""
    return ""


def affordable(spent: Spend, most: Spend, rule: CompletionRule) -> bool:
    """Whether one more answer stays below what a day may take."""
    within = spent.tokens + most.tokens <= rule.tokens
    return within and (not most.cost or spent.cost + most.cost <= rule.cost)


def answer_tokens(profile: ConnectionProfile, *, reasons: bool) -> int:
    """How long the answer may be; `reasons`: the model was heard thinking."""
    effort = profile.sampler.reasoning_effort
    thinks = reasons or (effort is not None and effort != "none")
    return min(REASONING_TOKENS if thinks else PLAIN_TOKENS, profile.window // 2)


def spend_of(profile: ConnectionProfile, prompt: int, completion: int) -> Spend:
    price = profile.price
    cost = (prompt * price.input + completion * price.output) / 1e6 if price else 0.0
    return Spend(1, prompt + completion, cost)


def _passed(since: float, now: float, seconds: float) -> bool:
    """A clock that jumped back does not keep us waiting."""
    return not since or not since <= now < since + seconds
