"""Runs one profile several times and keeps the figures."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from backends.pool import Pool
from bot.bench.material import paragraphs, prompt_of
from roleplay.chat import ChatReply
from roleplay.errors import BackendError
from roleplay.profiles import ConnectionProfile


@dataclass(frozen=True, slots=True)
class Run:
    """One reply. Seconds from sending; `estimated`: the server did not count the tokens."""

    first_token_seconds: float
    seconds: float
    prompt_tokens: int
    tokens: int
    estimated: bool

    @property
    def tokens_per_second(self) -> float:
        """While it writes; of a reply that came in one piece, over all."""
        writing = self.seconds - self.first_token_seconds
        if self.tokens > 1 and writing > 0:
            return (self.tokens - 1) / writing
        return self.tokens / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """`error` is what ended the runs early; `runs` are those before it."""

    profile: str
    model: str
    runs: tuple[Run, ...]
    error: BackendError | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """Tokens of the prompt and of the reply, and how many runs are counted."""

    prompt: int
    reply: int
    runs: int


def fitted_out(profile: ConnectionProfile, size: Size) -> ConnectionProfile:
    """The profile with room for the size, and nothing that ends a reply early."""
    room = size.prompt * 5 // 4 + size.reply + 128
    changes = {
        "max_context_tokens": max(profile.window, room),
        "max_completion_tokens": size.reply,
        "stop": (),
        "n": 1,
        "force_json": False,
    }
    sampler = profile.sampler.model_copy(update=changes)
    return profile.model_copy(update={"sampler": sampler, "fallback_profiles": ()})


async def measure(
    pool: Pool, name: str, size: Size, rng: Random, ran: Callable[[], None]
) -> Measured:
    """A run to warm up, which is not counted, then the others; `ran` is called after each."""
    texts = await paragraphs(size.prompt, pool.tokenizer(name), rng)
    runs: list[Run] = []
    model = pool.profiles[name].model
    for number in range(size.runs + 1):
        try:
            reply = await pool.test(name, prompt_of(texts, number, rng))
        except BackendError as error:
            return Measured(name, model, tuple(runs), error)
        model = reply.model or model
        if number:
            runs.append(_run(reply))
        ran()
    return Measured(name, model, tuple(runs))


def p95(values: Sequence[float]) -> float:
    """The nearest rank: of fewer than twenty values the largest."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def summary(runs: Sequence[Run], of: Callable[[Sequence[float]], float]) -> dict[str, float]:
    """Median or p95 of each figure. For a speed the slow end is the low one."""
    speeds = [run.tokens_per_second for run in runs]
    return {
        "first_token_seconds": of([run.first_token_seconds for run in runs]),
        "seconds": of([run.seconds for run in runs]),
        "tokens_per_second": -of([-speed for speed in speeds]) if of is not median else of(speeds),
    }


def _run(reply: ChatReply) -> Run:
    attempt, usage = reply.attempts[-1], reply.usage
    first = attempt.first_token_seconds
    return Run(
        first_token_seconds=attempt.seconds if first is None else first,
        seconds=attempt.seconds,
        prompt_tokens=usage.prompt_tokens if usage else 0,
        tokens=usage.completion_tokens if usage else 0,
        estimated=usage is None or usage.estimated,
    )
