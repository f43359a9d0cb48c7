"""Listens to one reply and keeps everything about it."""

import time
from dataclasses import dataclass, field

from backends.server import Server
from roleplay.chat import ChatMessage, ChatRequest, Delta, FinishReason, Usage
from roleplay.errors import BackendError

HELLO = ChatRequest((ChatMessage("user", "Ann: Hello"),))


@dataclass
class Heard:
    """One reply, collected. `error` is what ended it, if something did."""

    deltas: list[Delta] = field(default_factory=list[Delta])
    error: BackendError | None = None

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas)

    @property
    def reasoning(self) -> str:
        return "".join(delta.reasoning for delta in self.deltas)

    @property
    def finish(self) -> FinishReason | None:
        return next((one.finish_reason for one in self.deltas if one.finish_reason), None)

    @property
    def usage(self) -> Usage | None:
        return next((delta.usage for delta in reversed(self.deltas) if delta.usage), None)


async def listen(server: Server, request: ChatRequest = HELLO, seconds: float = 30) -> Heard:
    """Ask and collect; an error is kept, not raised."""
    heard = Heard()
    try:
        async for delta in server.stream(request, time.monotonic() + seconds):
            heard.deltas.append(delta)
    except BackendError as exc:
        heard.error = exc
    return heard
