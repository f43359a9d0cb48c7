"""Posts JSON to the one address that the owner chose for notices."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from backends.address import host_of
from backends.dialect import WireRequest
from backends.http import HttpClient
from backends.redact import showable
from roleplay.errors import BackendError
from roleplay.phrases import say
from roleplay.ports import Clock

CONNECT = 5.0
PATIENCE = 10.0
"""Seconds."""

TRIES = 3
PAUSE = 1.0
"""Seconds before the second try, doubled before each further one."""


class Webhook:
    """`url` is a secret: many services put their key into it. It is in no error and no log line."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock

    async def post(self, body: Mapping[str, object]) -> str:
        """Send it, up to `TRIES` times; "" when it was taken, else why not."""
        why = ""
        for attempt in range(TRIES):
            if attempt:
                await self._clock.sleep(PAUSE * 2 ** (attempt - 1))
            why, again = await self._try(body)
            if not again:
                break
        return why

    async def _try(self, body: Mapping[str, object]) -> tuple[str, bool]:
        """Why it was not taken, and whether to try once more."""
        host = host_of(self._url)
        try:
            async with (
                asyncio.timeout(PATIENCE),
                HttpClient(self._url, {}, CONNECT) as client,
                client.send(WireRequest(self._url, body)) as reply,
            ):
                status = reply.status
        except TimeoutError:
            return say("{host} did not answer in time.", host=host), True
        except BackendError as exc:
            return showable(str(exc), self._secrets()), exc.retryable
        if 200 <= status < 300:
            return "", False
        why = say("{host} answered with the status {status}.", host=host, status=status)
        return why, status == 429 or status >= 500

    def _secrets(self) -> tuple[str, ...]:
        parts = urlsplit(self._url)
        return (self._url, parts.path, parts.query)
