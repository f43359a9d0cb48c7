"""What one kind of server says on the wire, as pure functions: no I/O, no clock, no state.

A dialect is one module in `backends.dialects`. Servers that speak OpenAI's protocol and differ only
in data are a `Quirks` row on `backends.chat_completions.ChatCompletions`.

Every `profile` a dialect is given is settled: `base_url` and, for a chat request, `model` are
filled in (the defaults of the type, the server's own first model).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from backends.continuing import Prefill
from backends.sampling import Sampling
from roleplay.chat import ChatRequest, Delta, TextRequest
from roleplay.errors import BackendError
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One HTTP request: a GET without a body, else a POST of that JSON object.

    The key travels apart from it, in `Dialect.headers`, so that this may be logged. `cancel` is
    sent when the reply is left before its end, to a server that would go on writing it.
    """

    url: str
    body: Mapping[str, object] | None = None
    cancel: "WireRequest | None" = None


@dataclass(frozen=True, slots=True)
class Question(Generic[T_co]):
    """A request whose whole JSON answer `read` understands.

    `read` may raise KeyError, TypeError, ValueError or IndexError: the answer is then no answer. It
    may also raise a `BackendError`: the server is there and cannot serve. An empty body is None.
    One that is not `needed` may go unanswered.
    """

    request: WireRequest
    read: Callable[[object], T_co]
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a server tells about itself for free. `window` is in tokens, `slots` in requests.

    `shutdowns` are the days, YYYY-MM-DD, on which models will be switched off, by their names.
    """

    models: tuple[str, ...] = ()
    window: int | None = None
    slots: int | None = None
    version: str = ""
    shutdowns: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a streamed reply. `event` is its name, "" where the protocol has none."""

    data: str
    event: str = ""


class FrameReader(Protocol):
    """Cuts the bytes of a reply into frames, however they arrive.

    Raises `BadResponse` from either method when a frame outgrows its cap.
    """

    def feed(self, data: bytes) -> list[Frame]: ...

    def close(self) -> list[Frame]:
        """The reply ended: what was left unterminated."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server sent instead of an answer. Header names are in lower case.

    `status` is 200 where the error came inside a reply that had begun well.
    """

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    url: str = ""


class ErrorInReply(Exception):  # a signal inside this package, never shown
    """Raised while decoding: this is not a piece of a reply but an error, in the server's words."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.body = body


class Dialect(Protocol):
    @property
    def names(self) -> tuple[str, ...]:
        """The values of a profile's `type` that it serves; the first is its module's name."""
        ...

    @property
    def base_url(self) -> str:
        """Where such a server is found when a profile does not say."""
        ...

    @property
    def retries(self) -> int | None:
        """The `maxRetries` of a profile that sets none, where it is not the usual one."""
        ...

    def sampling(self, profile: ConnectionProfile) -> Sampling:
        """What becomes of each sampler key."""
        ...

    def prefill(self, profile: ConnectionProfile) -> Prefill | None:
        """How it goes on with a last message by the assistant; None: it answers it with a new one.

        Only what the server's documentation or a real server says: the other way works everywhere.
        """
        ...

    def headers(self, profile: ConnectionProfile) -> dict[str, str]:
        """Authentication; sent to the profile's own host only."""
        ...

    def encode(self, request: ChatRequest, profile: ConnectionProfile) -> WireRequest: ...

    def encode_text(self, request: TextRequest, profile: ConnectionProfile) -> WireRequest | None:
        """The same for a prompt that is one text; None where such a server takes only messages.

        It goes to an endpoint that applies no template of its own. `decode` reads its frames, too.
        """
        ...

    def reader(self) -> FrameReader:
        """A new reader for one streamed reply."""
        ...

    def decode(self, frame: Frame) -> Sequence[Delta]:
        """The pieces in a frame, often one, sometimes none.

        Raises:
            ErrorInReply: the frame is an error.
            BackendError: the frame is nothing this protocol knows, or a known failure.
        """
        ...

    def ends(self, frame: Frame) -> bool:
        """Whether the server says with this frame that nothing follows."""
        ...

    def decode_whole(self, text: str) -> Sequence[Delta]:
        """A reply that came in one piece, finish reason and usage included.

        Raises:
            ErrorInReply: it is an error that came with status 200.
            BackendError: it is nothing this protocol knows.
        """
        ...

    def classify(self, refusal: Refusal, profile: ConnectionProfile) -> BackendError | None:
        """An error that only this server words this way; None: `backends.classify` knows."""
        ...

    def probe(self, profile: ConnectionProfile) -> Sequence[Question[Found]]:
        """Free questions, asked in order, that together tell: alive, key accepted, models, window.

        What a later answer leaves open is taken from an earlier one.
        """
        ...

    def count(self, text: str, profile: ConnectionProfile) -> Question[int] | None:
        """How many tokens this text is; None where such a server does not tell."""
        ...

    def vocabulary(self, profile: ConnectionProfile) -> str:
        """Names the vocabulary that `count` counts by, so that counts can be kept."""
        ...

    def embed(
        self, texts: Sequence[str], profile: ConnectionProfile
    ) -> Question[list[Vector]] | None:
        """The vectors of these texts, in their order; None where such a server makes none."""
        ...
