"""Ollama in its own protocol, which alone can carry the window and the rarer samplers.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from collections.abc import Sequence
from typing import Any, cast

from backends import ollama_frames
from backends.classify import kind_of
from backends.continuing import Prefill
from backends.dialect import Found, Frame, FrameReader, Question, Refusal, WireRequest
from backends.embedding import read_embeddings
from backends.fault import read_fault
from backends.hints import secrets_of
from backends.ndjson import NdjsonReader
from backends.redact import showable
from backends.sampling import Rule, Sampling, takes, wire_keys
from roleplay.chat import AnyRequest, ChatRequest, Delta, TextRequest
from roleplay.errors import BackendError, BadParameter, NoSuchModel
from roleplay.phrases import say
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

LATEST = ":latest"
"""The tag of a model that is named without one."""

EFFORTS = {"none": False, "minimal": "low", "xhigh": "high", "max": "high"}
"""`think` is true, false, "low", "medium" or "high"."""

SAMPLING = Sampling(
    takes(
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "typical_p",
        "frequency_penalty",
        "presence_penalty",
        "seed",
        "stop",
        max_completion_tokens="num_predict",
        max_context_tokens="num_ctx",
        repetition_penalty="repeat_penalty",
        force_json=Rule("format", shape=lambda _: "json"),
        reasoning_effort=Rule("think", shape=lambda effort: EFFORTS.get(effort, effort)),
    ),
    checked="2026-11-23",
)

BESIDE_OPTIONS = ("format", "think")
"""What of the sampler does not travel inside `options`."""


class Ollama:
    names = ("ollama",)
    base_url = "http://localhost:11434"
    retries = None

    def sampling(self, profile: ConnectionProfile) -> Sampling:  # noqa: ARG002  # one table for all
        return SAMPLING

    def prefill(self, profile: ConnectionProfile) -> Prefill | None:  # noqa: ARG002  # always
        return Prefill()

    def headers(self, profile: ConnectionProfile) -> dict[str, str]:
        """A server at home wants none; ollama.com and proxies do."""
        key = profile.api_key.get_secret_value() if profile.api_key else ""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        messages = [{"role": message.role, "content": message.text} for message in request.messages]
        return _request("/chat", {"messages": messages}, request, profile)

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:
        """`raw` keeps the model's own template away; /v1/completions would put it around ours."""
        return _request("/generate", {"prompt": request.text, "raw": True}, request, profile)

    def reader(self) -> FrameReader:
        return NdjsonReader()

    def decode(self, frame: Frame) -> Sequence[Delta]:
        return ollama_frames.decode(frame.data)

    def ends(self, frame: Frame) -> bool:
        return ollama_frames.is_last(frame.data)

    def decode_whole(self, text: str) -> Sequence[Delta]:
        return ollama_frames.decode(text)

    def classify(self, refusal: Refusal, profile: ConnectionProfile) -> BackendError | None:
        fault = read_fault(refusal.body)
        message = showable(fault.message, secrets_of(profile))
        if "does not support thinking" in fault.message:
            hint = say("Take reasoningEffort out of the sampler of {name}.", name=profile.name)
            return BadParameter(message, parameter="think", hint=hint, status=refusal.status)
        if profile.model and kind_of(refusal, fault) is NoSuchModel:
            hint = say("On its machine, run: ollama pull {model}.", model=profile.model)
            return NoSuchModel(message, hint=hint, status=refusal.status)
        return None

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        """Whether it is there, what is installed, what the model can hold and what it was given."""
        root = api_of(profile.base_url)
        questions = [
            Question(WireRequest(f"{root}/version"), read_version),
            Question(WireRequest(f"{root}/tags"), read_tags),
        ]
        if profile.model:
            show = WireRequest(f"{root}/show", {"model": profile.model})
            questions.append(Question(show, lambda answer: read_show(answer, profile)))
        loaded = Question(WireRequest(f"{root}/ps"), lambda answer: read_loaded(answer, profile))
        return (*questions, loaded)

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:  # noqa: ARG002  # it does not tell
        return None

    def vocabulary(self, profile: ConnectionProfile) -> str:
        return f"{profile.base_url} {profile.model}"

    def embed(
        self, texts: Sequence[str], profile: ConnectionProfile
    ) -> Question[list[Vector]] | None:
        body = {"model": profile.model, "input": list(texts)}
        request = WireRequest(f"{api_of(profile.base_url)}/embed", body)
        return Question(request, lambda answer: read_embeddings(answer, len(texts)))


def api_of(base_url: str) -> str:
    """Where /chat is, whether the address was given bare, with /v1 or with /api."""
    return base_url.rstrip("/").removesuffix("/v1").removesuffix("/api") + "/api"


def read_version(answer: object) -> Found:
    return Found(version=cast("Json", answer)["version"])


def read_tags(answer: object) -> Found:
    entries: list[Json] = cast("Json", answer)["models"] or []
    return Found(models=tuple(str(entry["name"]) for entry in entries))


def read_show(answer: object, profile: ConnectionProfile) -> Found:
    """What the model can hold at most; it is given that much only where the profile asks for it."""
    info: Json = cast("Json", answer).get("model_info") or {}
    sizes = [value for key, value in info.items() if key.endswith(".context_length")]
    return Found(window=sizes[0] if sizes and profile.sampler.max_context_tokens else None)


def read_loaded(answer: object, profile: ConnectionProfile) -> Found:
    """What the model was given when it was loaded; a profile that asks for a size gets its own."""
    entries: list[Json] = cast("Json", answer)["models"] or []
    ours = (profile.model, profile.model + LATEST)
    sizes = [entry.get("context_length") for entry in entries if entry.get("name") in ours]
    return Found(window=sizes[0] if sizes and not profile.sampler.max_context_tokens else None)


def _request(
    path: str, prompt: Json, request: AnyRequest, profile: ConnectionProfile
) -> WireRequest:
    keys = wire_keys(SAMPLING, request, profile)
    body: Json = {"model": profile.model, **prompt, "stream": True}
    body |= {name: keys.pop(name) for name in BESIDE_OPTIONS if name in keys}
    if keys:
        body["options"] = keys
    return WireRequest(api_of(profile.base_url) + path, body)


dialect = Ollama()
