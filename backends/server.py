"""One LLM server, as the layers above see it: retry, breaker, fallback and the pool wrap this."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Protocol, Self

from backends.preview import Worded
from roleplay.chat import ChatRequest, Delta
from roleplay.ports import Embedder, ProbeResult, Tokenizer
from roleplay.profiles import ConnectionProfile


class Server(Protocol):
    """One profile's server; an async context manager that holds its connections.

    Nothing here tries the same thing twice, but for a kept-alive connection that turned out to be
    closed.
    """

    @property
    def profile(self) -> ConnectionProfile: ...

    @property
    def tokenizer(self) -> Tokenizer | None:
        """None where such a server does not count."""
        ...

    @property
    def embedder(self) -> Embedder | None:
        """None where such a server makes no vectors."""
        ...

    @property
    def refused(self) -> frozenset[str]:
        """Wire names of the sampler keys that the server has refused so far."""
        ...

    def stream(self, request: ChatRequest, deadline: float) -> AsyncIterator[Delta]:
        """Ask once; `deadline` is on the monotonic clock. Closing the iterator cancels it there.

        `text` is visible speech only: reasoning is apart, stop strings are cut, and nothing that is
        only white space comes before the first word. Every choice ends with a `finish_reason`;
        `usage` may follow. A stream that ends without an error was complete.

        Raises:
            StreamBroken: it ended early after a `Delta` with text.
            BackendError: any other class, before the first `Delta` with text.
        """
        ...

    def preview(self, request: ChatRequest) -> Worded:
        """The request as it would be sent now; nothing is sent.

        Raises:
            BadParameter: the profile writes its prompts as a text, and the server takes none.
        """
        ...

    async def probe(self) -> ProbeResult:
        """Ask for free whether it is there. Never raises for a sick server."""
        ...

    async def models(self) -> tuple[str, ...]:
        """The names it lists.

        Raises:
            BackendError: it did not answer.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
