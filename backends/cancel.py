"""Tells a server that nobody waits for its reply, where a closed connection is not enough."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from backends.dialect import WireRequest
from backends.http import HttpClient
from backends.timers import probe_timeout
from roleplay.errors import BackendError

PATIENCE = 2.0
"""Seconds for the server to take note; the reply is lost either way."""


@dataclass
class Cancel:
    """What to send when the reply is left; None while there is nothing to cancel."""

    request: WireRequest | None = None


@asynccontextmanager
async def cancelling(client: HttpClient) -> AsyncGenerator[Cancel]:
    """Sends `request` when the block is left, by whatever way."""
    cancel = Cancel()
    try:
        yield cancel
    finally:
        if cancel.request:
            await _tell(client, cancel.request)


async def _tell(client: HttpClient, request: WireRequest) -> None:
    with suppress(BackendError):
        async with probe_timeout(PATIENCE), client.send(request) as reply:
            await reply.text()
