"""OpenAI's chat completions protocol, which most servers speak: a `Dialect` over `Quirks`.

https://platform.openai.com/docs/api-reference/chat, and for prompts that are one text
https://platform.openai.com/docs/api-reference/completions
"""

from collections.abc import Sequence

from backends import completion_frames
from backends.address import join
from backends.dialect import Found, Frame, FrameReader, Question, Refusal, WireRequest
from backends.model_list import read_models
from backends.quirks import SAMPLER_KEYS, Quirks
from backends.sse import SseReader
from backends.stops import all_stops, most_valuable
from roleplay.chat import AnyRequest, ChatRequest, Delta, TextRequest
from roleplay.errors import BackendError
from roleplay.profiles import ConnectionProfile

DONE = "[DONE]"


class ChatCompletions:
    """One kind of server on this protocol."""

    def __init__(self, quirks: Quirks) -> None:
        self.names = quirks.names
        self.base_url = quirks.base_url
        self._quirks = quirks

    def row(self, profile: ConnectionProfile) -> Quirks:  # noqa: ARG002  # some go by the host
        """The data that holds for this profile."""
        return self._quirks

    def headers(self, profile: ConnectionProfile) -> dict[str, str]:
        if profile.api_key is None or not profile.api_key.get_secret_value():
            return {}
        return {"Authorization": f"Bearer {profile.api_key.get_secret_value()}"}

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        messages = [{"role": message.role, "content": message.text} for message in request.messages]
        body = _body({"messages": messages}, request, profile, self.row(profile))
        return WireRequest(join(profile.base_url, "/chat/completions"), body)

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:
        """A reply's limit is always sent: some servers stop after 16 tokens without one."""
        quirks = self.row(profile)
        if quirks.completions is None:
            return None
        body = _body({"prompt": request.text}, request, profile, quirks)
        body.setdefault(quirks.max_tokens, profile.reply_tokens)
        return WireRequest(join(profile.base_url, quirks.completions), body)

    def reader(self) -> FrameReader:
        return SseReader()

    def decode(self, frame: Frame) -> Sequence[Delta]:
        return () if self.ends(frame) else completion_frames.decode(frame)

    def ends(self, frame: Frame) -> bool:
        return frame.data.strip() == DONE

    def decode_whole(self, text: str) -> Sequence[Delta]:
        return completion_frames.decode_whole(text)

    def classify(self, refusal: Refusal, profile: ConnectionProfile) -> BackendError | None:  # noqa: ARG002  # for other rows
        return None

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        request = WireRequest(join(profile.base_url, self.row(profile).models))
        return (Question(request, lambda answer: read_models(answer, profile.model)),)

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:  # noqa: ARG002  # chat servers do not tell
        return None

    def vocabulary(self, profile: ConnectionProfile) -> str:
        return f"{profile.base_url} {profile.model}"


def _body(
    prompt: dict[str, object], request: AnyRequest, profile: ConnectionProfile, quirks: Quirks
) -> dict[str, object]:
    body = {"model": profile.model} if profile.model else {}
    body = body | prompt | {"stream": True}
    if quirks.usage_on_request:
        body["stream_options"] = {"include_usage": True}
    return body | sampler_keys(request, profile, quirks)


def sampler_keys(
    request: AnyRequest, profile: ConnectionProfile, quirks: Quirks
) -> dict[str, object]:
    """The sampler by the server's names; nothing that is unset, and no null."""
    sampler = profile.sampler
    wanted: dict[str, object] = {
        quirks.renames.get(key, key): getattr(sampler, key)
        for key in sorted(SAMPLER_KEYS - quirks.drops)
        if getattr(sampler, key) is not None
    }
    if sampler.n == 1:
        wanted.pop(quirks.renames.get("n", "n"), None)
    wanted[quirks.max_tokens] = request.max_tokens or sampler.max_completion_tokens
    wanted["stop"] = list(most_valuable(all_stops(request, profile), quirks.most_stops))
    wanted["response_format"] = sampler.force_json and quirks.response_format
    return {key: value for key, value in wanted.items() if _is_set(value)}


def _is_set(value: object) -> bool:
    return value is not None and value is not False and value != []
