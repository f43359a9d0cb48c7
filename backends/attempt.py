"""One request to one server, followed by the note of how it ended."""

from collections.abc import AsyncGenerator

from backends.server import Server
from roleplay.chat import Attempt, ChatRequest, StreamEvent
from roleplay.closing import closing
from roleplay.errors import BackendError
from roleplay.ports import Clock


async def attempted(
    server: Server, request: ChatRequest, deadline: float, clock: Clock
) -> AsyncGenerator[StreamEvent]:
    """The server's deltas, then one `Attempt`, also when the request fails.

    Raises:
        BackendError: the server's own, after the `Attempt`; its `profile` is filled in.
    """
    started = clock.monotonic()
    first: float | None = None
    try:
        async with closing(server.stream(request, deadline)) as deltas:
            async for delta in deltas:
                if first is None and (delta.text or delta.reasoning):
                    first = clock.monotonic() - started
                yield delta
    except BackendError as error:
        error.profile = error.profile or server.profile.name
        yield _failed(error, clock.monotonic() - started, first)
        raise
    yield Attempt(
        server.profile.name, "answered", clock.monotonic() - started, first_token_seconds=first
    )


def _failed(error: BackendError, seconds: float, first: float | None) -> Attempt:
    return Attempt(
        profile=error.profile,
        outcome=error.code,
        seconds=seconds,
        status=error.status,
        detail=str(error),
        hint=error.hint,
        first_token_seconds=first,
    )
