"""Anthropic's Messages protocol, also as llama.cpp's server and others speak it.

https://docs.anthropic.com/en/api/messages
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from backends import messages_frames
from backends.address import is_local, join, root_of
from backends.claude import OTHER, WINDOW, generation_of, sampling_of
from backends.continuing import Prefill
from backends.dialect import Found, Frame, FrameReader, Question, Refusal, WireRequest
from backends.fault import read_fault
from backends.hints import secrets_of
from backends.redact import showable
from backends.sampling import Sampling, wire_keys
from backends.sse import SseReader
from backends.turns import alternating, ending_with_user
from roleplay.chat import ChatMessage, ChatRequest, Delta, TextRequest
from roleplay.errors import BackendError, BadParameter
from roleplay.phrases import say
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

VERSION = "2023-06-01"
"""The last one that lets a temperature through; 2026-10-21 refuses it for every model."""

JSON_TOOL: Json = {
    "name": "reply",
    "description": "Gives the reply: one JSON object with whatever keys the conversation asks for.",
    "input_schema": {"type": "object"},
}
"""The protocol has no free JSON mode; a tool that must be used is the only one it enforces."""

JSON_WORDS = "Answer with one JSON object and nothing else."

WORTH_CACHING = 4096
"""Characters of system text. Anthropic caches from 1024 tokens on and ignores the mark below."""

CACHED: Json = {"cache_control": {"type": "ephemeral"}}
"""Kept for five minutes after each use, at a tenth of the price."""

SAMPLERS = ("temperature", "top_p", "top_k")


class Anthropic:
    names = ("anthropic",)
    base_url = "https://api.anthropic.com/v1"
    retries = None

    def sampling(self, profile: ConnectionProfile) -> Sampling:
        return sampling_of(profile)

    def prefill(self, profile: ConnectionProfile) -> Prefill | None:
        """Claude does not repeat what it goes on with; llama.cpp behind the same protocol does."""
        generation = generation_of(profile.model)
        return Prefill(repeats=generation is OTHER) if generation.prefill else None

    def headers(self, profile: ConnectionProfile) -> dict[str, str]:
        key = profile.api_key.get_secret_value() if profile.api_key else ""
        return {"anthropic-version": VERSION} | ({"x-api-key": key} if key else {})

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        system, turns = alternating(request.messages)
        keys = wire_keys(self.sampling(profile), request, profile)
        body: Json = {"model": profile.model, "max_tokens": profile.reply_tokens, "stream": True}
        if "tool_choice" in keys:
            body["tools"] = [JSON_TOOL]
        elif profile.sampler.force_json:
            system = f"{system}\n\n{JSON_WORDS}".strip()
        if system:
            body["system"] = [_system_block(system)]
        if not generation_of(profile.model).prefill:
            turns = ending_with_user(turns)
        body["messages"] = _messages(turns)
        return WireRequest(_url(profile, "/messages"), body | keys)

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:  # noqa: ARG002  # it takes messages only
        return None

    def reader(self) -> FrameReader:
        return SseReader()

    def decode(self, frame: Frame) -> Sequence[Delta]:
        return messages_frames.decode(frame)

    def ends(self, frame: Frame) -> bool:
        return messages_frames.is_last(frame)

    def decode_whole(self, text: str) -> Sequence[Delta]:
        return messages_frames.decode_whole(text)

    def classify(self, refusal: Refusal, profile: ConnectionProfile) -> BackendError | None:
        """Its words for a sampler that a model does not take hold no name in any known form."""
        if refusal.status != HTTPStatus.BAD_REQUEST:
            return None
        fault = read_fault(refusal.body)
        refused = any(
            words in fault.message for words in ("deprecated", "cannot both be specified")
        )
        named = [name for name in reversed(SAMPLERS) if f"`{name}`" in fault.message]
        if not (refused and named):
            return None
        return BadParameter(
            showable(fault.message, secrets_of(profile)),
            parameter=named[0],
            hint=say(
                "{model} does not take {parameter}: remove it from the sampler of {profile}.",
                model=profile.model,
                parameter=named[0],
                profile=profile.name,
            ),
            status=refusal.status,
        )

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        """At home also what llama.cpp alone tells; its list has no window."""
        request = WireRequest(_url(profile, "/models?limit=1000"))
        models = Question(request, lambda answer: read_models(answer, profile.model))
        if not is_local(profile.base_url):
            return (models,)
        props = WireRequest(root_of(profile.base_url) + "/props")
        return (models, Question(props, read_props, needed=False))

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:
        """Free of charge, as a message of its own: a handful of tokens too many."""
        if not profile.model:
            return None
        messages = [{"role": "user", "content": text}]
        body = {"model": profile.model, "messages": messages}
        return Question(WireRequest(_url(profile, "/messages/count_tokens"), body), read_count)

    def vocabulary(self, profile: ConnectionProfile) -> str:
        return f"{profile.base_url} {profile.model}"

    def embed(
        self,
        texts: Sequence[str],  # noqa: ARG002  # it makes none
        profile: ConnectionProfile,  # noqa: ARG002  # whatever the model
    ) -> Question[list[Vector]] | None:
        return None


def read_models(answer: object, model: str) -> Found:
    """The names in use; the window of `model`, or of the newest of its name without a date."""
    entries: list[Json] = cast("Json", answer)["data"]
    current = [entry for entry in entries if entry.get("lifecycle") != "retired"]
    asked = [entry for entry in current if str(entry["id"]).startswith(model or "\n")]
    window: int | None = asked[0].get("max_input_tokens") if asked else None
    usual = WINDOW if model.startswith("claude-") else None
    return Found(models=tuple(str(entry["id"]) for entry in current), window=window or usual)


def read_props(answer: object) -> Found:
    return Found(window=cast("Json", answer)["default_generation_settings"]["n_ctx"])


def read_count(answer: object) -> int:
    return int(cast("Json", answer)["input_tokens"])


def _url(profile: ConnectionProfile, path: str) -> str:
    """The address may be given with or without its /v1."""
    return join(root_of(profile.base_url) + "/v1", path)


def _system_block(text: str) -> Json:
    block = {"type": "text", "text": text}
    return block | CACHED if len(text) >= WORTH_CACHING else block


def _messages(turns: Sequence[ChatMessage]) -> list[Json]:
    """White space at the end of words that are to be continued is refused."""
    messages = [{"role": turn.role, "content": turn.text} for turn in turns]
    if turns[-1].role == "assistant":
        messages[-1]["content"] = turns[-1].text.rstrip()
    return cast("list[Json]", messages)


dialect = Anthropic()
