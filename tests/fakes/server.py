"""A `Server` that plays a queue, for tests of what stands above the wire."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Self

from backends.preview import Worded
from roleplay.chat import ChatRequest, Delta, Usage
from roleplay.errors import BackendError, TimedOut
from roleplay.ports import Clock, Embedder, ProbeResult
from roleplay.profiles import ConnectionProfile

Step = str | Delta | float | BackendError
"""A piece of text, any delta, seconds that pass, or how the reply ends badly."""


class Counter:
    """A `Tokenizer` that nobody should ask."""

    id = "words"

    async def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


class QueueServer:
    """Plays one list of steps for each request, then `otherwise` for ever."""

    def __init__(self, profile: ConnectionProfile, clock: Clock) -> None:
        self.profile = profile
        self.tokenizer: Counter | None = None
        self.embedder: Embedder | None = None
        self.refused: frozenset[str] = frozenset()
        self.requests: list[ChatRequest] = []
        self.script: deque[Sequence[Step]] = deque()
        self.otherwise: Sequence[Step] = ["Hello."]
        self.found: deque[ProbeResult] = deque()
        self.probes = 0
        self.asked = asyncio.Event()
        self.is_open = False
        self.cancelled = 0
        self._clock = clock

    def next(self, *replies: Sequence[Step] | BackendError) -> None:
        self.script.extend([r] if isinstance(r, BackendError) else r for r in replies)

    async def stream(self, request: ChatRequest, deadline: float) -> AsyncGenerator[Delta]:
        assert self.is_open, "asked while closed"
        assert self._clock.monotonic() < deadline, "asked after the deadline"
        self.requests.append(request)
        self.asked.set()
        try:
            for step in self.script.popleft() if self.script else self.otherwise:
                if isinstance(step, BackendError):
                    raise step
                if isinstance(step, float | int):
                    await self._pass(step, deadline)
                else:
                    yield Delta(text=step) if isinstance(step, str) else step
            yield Delta(finish_reason="stop", served_by=self.profile.name)
        except GeneratorExit:
            self.cancelled += 1
            raise

    async def _pass(self, seconds: float, deadline: float) -> None:
        left = deadline - self._clock.monotonic()
        await self._clock.sleep(min(seconds, left))
        if seconds >= left:
            raise TimedOut("The reply was not complete.", timer="total")

    def preview(self, request: ChatRequest) -> Worded:
        return Worded(request, "", {}, request.stop)

    async def probe(self) -> ProbeResult:
        self.probes += 1
        return self.found.popleft() if self.found else ProbeResult(self.profile.name, "up", 0.01)

    async def models(self) -> tuple[str, ...]:
        return ()

    async def __aenter__(self) -> Self:
        self.is_open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.is_open = False


def counted(prompt_tokens: int) -> Delta:
    """The usage a server sends at the end."""
    return Delta(usage=Usage(prompt_tokens, 1))
