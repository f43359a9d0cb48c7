"""What traffic is like, as Prometheus counts it; needs prometheus-client, the extra `metrics`.

Names and units after https://prometheus.io/docs/practices/naming/. Labels are names of profiles and
fixed words, so their number is bounded; no id of a person, channel or server is ever one.
"""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram

from roleplay.chat import Attempt, ChatReply
from roleplay.profiles import ConnectionProfile
from roleplay.usage import cost_of

FIRST_TOKEN = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)
WHOLE = (0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600)
"""Seconds: from a cloud's small model to a laptop that loads a large one first."""


class Meters:
    """A `bot.watcher.Gauge`. Counts begin at 0 with the program."""

    def __init__(
        self, registry: CollectorRegistry, profiles: Callable[[], Mapping[str, ConnectionProfile]]
    ) -> None:
        self._profiles = profiles
        self._requests = Counter(
            "roleforge_requests",
            "Requests to language models that ended, by how.",
            ["profile", "outcome"],
            registry=registry,
        )
        self._first = Histogram(
            "roleforge_first_token_seconds",
            "From sending a request to its first word.",
            ["profile"],
            buckets=FIRST_TOKEN,
            registry=registry,
        )
        self._whole = Histogram(
            "roleforge_request_seconds",
            "From sending a request to the end of its reply.",
            ["profile"],
            buckets=WHOLE,
            registry=registry,
        )
        self._replies = Counter(
            "roleforge_replies",
            "Replies that were stored, by the profile that wrote them.",
            ["profile"],
            registry=registry,
        )
        self._tokens = Counter(
            "roleforge_tokens",
            "Tokens of stored replies, by side.",
            ["profile", "side"],
            registry=registry,
        )
        self._cost = Counter(
            "roleforge_cost",
            "What stored replies cost, in the currency of the prices.",
            ["profile"],
            registry=registry,
        )

    def attempted(self, attempt: Attempt) -> None:
        self._requests.labels(attempt.profile, attempt.outcome).inc()
        if attempt.outcome == "answered":
            self._whole.labels(attempt.profile).observe(attempt.seconds)
        if attempt.first_token_seconds is not None:
            self._first.labels(attempt.profile).observe(attempt.first_token_seconds)

    def answered(self, reply: ChatReply) -> None:
        self._replies.labels(reply.served_by).inc()
        usage, profile = reply.usage, self._profiles().get(reply.served_by)
        if usage is None:
            return
        self._tokens.labels(reply.served_by, "prompt").inc(usage.prompt_tokens)
        self._tokens.labels(reply.served_by, "completion").inc(usage.completion_tokens)
        if profile and profile.price:
            self._cost.labels(reply.served_by).inc(cost_of(usage, profile.price))
