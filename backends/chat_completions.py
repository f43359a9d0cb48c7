"""OpenAI's chat completions protocol, which most servers speak: a `Dialect` over `Quirks`.

https://platform.openai.com/docs/api-reference/chat, and for prompts that are one text
https://platform.openai.com/docs/api-reference/completions
"""

from collections.abc import Sequence

from backends import completion_frames
from backends.address import join
from backends.continuing import Prefill
from backends.dialect import Found, Frame, FrameReader, Question, Refusal, WireRequest
from backends.embedding import openai_question
from backends.quirks import Quirks
from backends.sampling import Sampling, wire_keys
from backends.sse import SseReader
from roleplay.chat import AnyRequest, ChatRequest, Delta, TextRequest
from roleplay.errors import BackendError
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

DONE = "[DONE]"


class ChatCompletions:
    """One kind of server on this protocol."""

    def __init__(self, quirks: Quirks) -> None:
        self.names = quirks.names
        self.base_url = quirks.base_url
        self.retries = quirks.retries
        self._quirks = quirks

    def row(self, profile: ConnectionProfile) -> Quirks:  # noqa: ARG002  # some go by the host
        """The data that holds for this profile."""
        return self._quirks

    def sampling(self, profile: ConnectionProfile) -> Sampling:
        return self.row(profile).sampling

    def prefill(self, profile: ConnectionProfile) -> Prefill | None:
        return self.row(profile).prefill

    def headers(self, profile: ConnectionProfile) -> dict[str, str]:
        headers = dict(self.row(profile).headers)
        if profile.api_key and profile.api_key.get_secret_value():
            headers["Authorization"] = f"Bearer {profile.api_key.get_secret_value()}"
        return headers

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest:
        messages: list[dict[str, object]] = [
            {"role": message.role, "content": message.text} for message in request.messages
        ]
        prompt: dict[str, object] = {"messages": messages}
        quirks = self.row(profile)
        if quirks.prefill and request.continues:
            messages[-1] |= quirks.prefill.message
            prompt |= quirks.prefill.body
        body = _body(prompt, request, profile, quirks)
        return WireRequest(join(profile.base_url, "/chat/completions"), body)

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:
        """A reply's limit is always sent: some servers stop after 16 tokens without one."""
        quirks = self.row(profile)
        if quirks.completions is None:
            return None
        body = _body({"prompt": request.text}, request, profile, quirks)
        limit = quirks.sampling.rules["max_completion_tokens"].name
        body.setdefault(limit, profile.reply_tokens)
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
        return tuple(ask.question(profile) for ask in self.row(profile).asks)

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:
        count = self.row(profile).count
        return count.question(text, profile) if count else None

    def vocabulary(self, profile: ConnectionProfile) -> str:
        return f"{profile.base_url} {profile.model}"

    def embed(
        self, texts: Sequence[str], profile: ConnectionProfile
    ) -> Question[list[Vector]] | None:
        return openai_question(texts, profile) if self.row(profile).embeds else None


def _body(
    prompt: dict[str, object], request: AnyRequest, profile: ConnectionProfile, quirks: Quirks
) -> dict[str, object]:
    body = {"model": profile.model} if profile.model else {}
    body = body | prompt | {"stream": True}
    if quirks.usage_on_request:
        body["stream_options"] = {"include_usage": True}
    return body | wire_keys(quirks.sampling, request, profile)
