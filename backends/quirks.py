"""What differs between servers that speak OpenAI's protocol: one row of data for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backends.address import join, root_of
from backends.continuing import Prefill
from backends.dialect import Found, Question, WireRequest
from backends.model_list import read_models
from backends.sampling import Sampling
from roleplay.profiles import ConnectionProfile


@dataclass(frozen=True, slots=True)
class Ask:
    """A free question about the server; `read` gets the answer and the profile's model.

    `path` follows the base URL, or with `at_root` what stands before its /v1. One that is not
    `needed` may go unanswered: not every version of the server has it.
    """

    path: str
    read: Callable[[Any, str], Found]
    at_root: bool = False
    needed: bool = True

    def question(self, profile: ConnectionProfile) -> Question[Found]:
        request = WireRequest(_url(profile, self.path, at_root=self.at_root))
        return Question(request, lambda answer: self.read(answer, profile.model), self.needed)


@dataclass(frozen=True, slots=True)
class Count:
    """How the server is asked for the tokens of a text: `body` from text and model."""

    path: str
    body: Callable[[str, str], Mapping[str, object]]
    read: Callable[[Any], int]
    at_root: bool = False

    def question(self, text: str, profile: ConnectionProfile) -> Question[int]:
        url = _url(profile, self.path, at_root=self.at_root)
        return Question(WireRequest(url, self.body(text, profile.model)), self.read)


def nothing(_answer: object, _model: str) -> Found:
    """For an answer that only has to come."""
    return Found()


MODELS = Ask("/models", read_models)


@dataclass(frozen=True, slots=True)
class Quirks:
    """A server on the chat completions protocol.

    `names` are the values of a profile's `type`. `asks` are answered in order, see `Dialect.probe`.
    `completions` is the path that takes a prompt as one text and applies no template of its own,
    None where there is none. `usage_on_request`: it takes `stream_options`. `retries` is the usual
    `maxRetries`, None: as everywhere; a server that itself tries again has few. `prefill`: see
    `Dialect.prefill`. `embeds`: it has /embeddings. `headers` are sent with everything.
    """

    names: tuple[str, ...]
    base_url: str
    sampling: Sampling
    asks: tuple[Ask, ...] = (MODELS,)
    count: Count | None = None
    usage_on_request: bool = True
    completions: str | None = None
    retries: int | None = None
    prefill: Prefill | None = None
    embeds: bool = False
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _url(profile: ConnectionProfile, path: str, *, at_root: bool) -> str:
    return root_of(profile.base_url) + path if at_root else join(profile.base_url, path)
