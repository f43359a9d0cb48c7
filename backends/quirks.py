"""What differs between servers that speak OpenAI's protocol: one row of data for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SAMPLER_KEYS = frozenset(
    {"temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "n"}
)
"""Fields of `Sampler` that travel under their own name where a server takes them."""


def _json_object() -> Mapping[str, object]:
    return {"type": "json_object"}


@dataclass(frozen=True, slots=True)
class Quirks:
    """A server on the chat completions protocol. `checked` is the date its facts were last read.

    `names` are the values of a profile's `type`. `max_tokens` is its wire name for the reply's
    limit. `drops` are the sampler keys it refuses, `renames` those it calls otherwise.
    `most_stops` None means no cap. `response_format` is sent for `forceJson`, None where it has no
    such thing. `usage_on_request`: it takes `stream_options`. `models` is the path of its list,
    where it is also probed. `completions` is the path that takes a prompt as one text and applies
    no template of its own, None where there is none.
    """

    names: tuple[str, ...]
    base_url: str
    checked: str
    max_tokens: str = "max_tokens"
    drops: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    most_stops: int | None = 4
    response_format: Mapping[str, object] | None = field(default_factory=_json_object)
    usage_on_request: bool = True
    models: str = "/models"
    completions: str | None = None
