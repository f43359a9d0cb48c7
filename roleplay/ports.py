"""What the centre asks of the outside; `backends`, `storage` and `bot` satisfy these."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from roleplay.chat import StreamEvent
from roleplay.prompt import Prompt


class Clock(Protocol):
    """Time, passed in wherever a rule depends on it."""

    def now(self) -> float:
        """Seconds since 1970 (UTC): for what is stored or shown."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump: for deadlines and waits."""
        ...

    async def sleep(self, seconds: float) -> None: ...


ProbeState = Literal["up", "starting", "down"]


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe found. `code`, `detail` and `hint` are empty when up.

    `models` are the names the server lists, empty where it lists none. `window` is the server's
    own context window in tokens, `slots` how many requests it answers at the same time, None where
    it does not tell. `kind` is the type that was found for a profile of the type "auto".
    `shutdowns` are the days, YYYY-MM-DD, on which models will be switched off. `host` and `listed`
    say whether the host answered at all and the profile's model is in its list, None where that is
    not known; `answered` that the model itself was asked, not only its server.
    """

    profile: str
    state: ProbeState
    seconds: float
    code: str = ""
    detail: str = ""
    hint: str = ""
    models: tuple[str, ...] = ()
    window: int | None = None
    slots: int | None = None
    version: str = ""
    kind: str = ""
    shutdowns: Mapping[str, str] = field(default_factory=dict[str, str])
    host: bool | None = None
    listed: bool | None = None
    answered: bool = False


class Backend(Protocol):
    """Anything that can answer a prompt: one server, or a wrapper around others."""

    @property
    def name(self) -> str:
        """The profile's name, or the first profile's of a chain."""
        ...

    def stream(self, prompt: Prompt, deadline: float) -> AsyncIterator[StreamEvent]:
        """Stream the reply; `deadline` is on the monotonic clock and bounds everything.

        Each request that was sent ends with one `Attempt`. After the first `Delta` with text
        nothing is tried again: a cut stream raises `StreamBroken`. Closing the iterator cancels
        the request at the server.

        Raises:
            BackendError: nobody answered; from a chain always `AllProfilesFailed`.
        """
        ...


class Prober(Protocol):
    """Asks a profile's server, for free, whether it is there. Never raises for a sick server."""

    async def probe(self, profile: str, /) -> ProbeResult: ...


Vector = tuple[float, ...]
"""What a text is about, as a direction: texts that are about the same point the same way."""


class Embedder(Protocol):
    """Turns texts into vectors with one profile's model."""

    @property
    def id(self) -> str:
        """Names the model: vectors of different models cannot be compared."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """A vector of each text, all of one length; the end of a long text is left out.

        One request is sent at a time.

        Raises:
            BackendError: the server did not answer, or its model makes none.
        """
        ...


class Tokenizer(Protocol):
    """Counts tokens the way one profile's server does."""

    @property
    def id(self) -> str:
        """Names the vocabulary, so that stored counts are reused only where they fit."""
        ...

    async def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text.

        Raises:
            BackendError: the server did not answer.
        """
        ...
