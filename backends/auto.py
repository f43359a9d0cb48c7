"""A `Server` whose kind is found out by asking: profiles of the type "auto"."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self

from backends.address import root_of
from backends.classify import classify
from backends.dialects import AUTO, dialect_for, settled
from backends.extra_body import extra_headers
from backends.fingerprint import kind_of
from backends.http import HttpClient
from backends.incoming import Refused
from backends.preview import Worded
from backends.remote import RemoteServer, result_of
from backends.server import Server
from backends.timers import Limits
from roleplay.chat import ChatRequest, Delta
from roleplay.errors import BackendError, BadResponse
from roleplay.phrases import say
from roleplay.ports import Clock, Embedder, ProbeResult, Tokenizer
from roleplay.profiles import ConnectionProfile

log = logging.getLogger(__name__)


class AutoServer:
    """Asks what is there before the first request, remembers it, and asks again after an outage.

    Until then `profile` has the type "auto"; afterwards the one that was found.
    """

    def __init__(self, profile: ConnectionProfile, clock: Clock) -> None:
        self._wanted = settled(profile)
        self._clock = clock
        self._found: RemoteServer | None = None
        self._sure = False
        self._finding = asyncio.Lock()
        self._stack = AsyncExitStack()

    @property
    def profile(self) -> ConnectionProfile:
        return self._found.profile if self._found else self._wanted

    @property
    def tokenizer(self) -> Tokenizer | None:
        return self._found.tokenizer if self._found else None

    @property
    def embedder(self) -> Embedder | None:
        return self._found.embedder if self._found else None

    @property
    def refused(self) -> frozenset[str]:
        return self._found.refused if self._found else frozenset()

    async def stream(self, request: ChatRequest, deadline: float) -> AsyncGenerator[Delta]:
        """See `Server.stream`."""
        server = await self._server()
        try:
            async with aclosing(server.stream(request, deadline)) as deltas:
                async for delta in deltas:
                    yield delta
        except BackendError as error:
            self._sure = not error.unhealthy
            raise

    def preview(self, request: ChatRequest) -> Worded:
        """See `Server.preview`. Until it is known what is there: as most servers would be asked."""
        server = self._found or RemoteServer(_most_likely(self._wanted), self._clock)
        return server.preview(request)

    async def probe(self) -> ProbeResult:
        """See `Server.probe`."""
        started = self._clock.monotonic()
        try:
            server = await self._server()
        except BackendError as error:
            return result_of(self.profile.name, error, self._clock.monotonic() - started)
        probe = await server.probe()
        self._sure = probe.state != "down"
        return replace(probe, kind=self.profile.type)

    async def models(self) -> tuple[str, ...]:
        """See `Server.models`."""
        return await (await self._server()).models()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _server(self) -> RemoteServer:
        async with self._finding:
            if self._found and self._sure:
                return self._found
            self._found = await self._find()
            self._sure = True
            return self._found

    async def _find(self) -> RemoteServer:
        kind = await self._kind()
        if self._found and self._found.profile.type == kind:
            return self._found
        changes = {"type": kind, "base_url": _api_of(self._wanted.base_url)}
        server = RemoteServer(self._wanted.model_copy(update=changes), self._clock)
        log.info("%s: what answers at %s is %s", self._wanted.name, self._wanted.base_url, kind)
        return await self._stack.enter_async_context(server)

    async def _kind(self) -> str:
        profile = self._wanted
        headers = dialect_for(profile).headers(profile) | extra_headers(profile)
        async with HttpClient(profile.base_url, headers, Limits(profile).connect) as client:
            try:
                return await kind_of(client, profile.base_url)
            except Refused as refused:
                error = classify(refused.refusal, profile, self._clock.now())
                raise self._unknown(error) from refused
            except BackendError as error:
                raise self._unknown(error) from error

    def _unknown(self, error: BackendError) -> BackendError:
        error.profile = self._wanted.name
        if isinstance(error, BadResponse):
            error.hint = say(
                "No kind of server was recognised at {url}. Is it the API's address? Else name "
                "the type in the profile.",
                url=self._wanted.base_url,
            )
        return error


def open_server(profile: ConnectionProfile, clock: Clock) -> Server:
    """The server of a profile, not yet entered."""
    return AutoServer(profile, clock) if profile.type == AUTO else RemoteServer(profile, clock)


def _most_likely(profile: ConnectionProfile) -> ConnectionProfile:
    return profile.model_copy(update={"type": "openai", "base_url": _api_of(profile.base_url)})


def _api_of(base_url: str) -> str:
    """With /v1 where the address was given bare; every kind of our own machines knows it."""
    bare = "/" not in base_url.partition("://")[2]
    return f"{root_of(base_url)}/v1" if bare else base_url
