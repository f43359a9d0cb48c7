"""The only place a request leaves the machine, and the only one that knows httpx.

httpx with aiohttp underneath costs an eighth of httpx alone for each stream.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace, TracebackType
from typing import Self
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from backends.address import host_of, is_local, is_loopback, origin_of
from backends.dialect import WireRequest
from backends.network import causes, network_error
from backends.redact import showable
from roleplay.errors import BackendError, BadResponse
from roleplay.phrases import say

HEADERS = {"User-Agent": "RoleForge", "Accept-Encoding": "identity"}

MOST_CONNECTIONS = 1000
"""Explicit, because unlimited would silently mean aiohttp's 100."""

KEEP_LOCAL = 3.0
KEEP_CLOUD = 20.0
"""Seconds that an idle connection is kept: local servers close theirs after five."""

LONGEST_REPLY = 16 << 20
LONGEST_ERROR = 64 << 10
"""Bytes of a body."""

REUSED = "on a connection that was kept open"

LIBRARY_ERRORS = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError)


class HttpReply:
    """An answer whose head has arrived. Header names are in lower case."""

    def __init__(self, response: httpx.Response, url: str) -> None:
        self._response = response
        self.url = url
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes.

        Raises:
            BackendError: the connection was lost, or the body outgrew `LONGEST_REPLY`.
        """
        size = 0
        try:
            async for chunk in self._response.aiter_raw():
                size += len(chunk)
                if size > LONGEST_REPLY:
                    raise BadResponse(
                        say("The server sent more than 16 MiB."),
                        hint=say("What answers at {url} may be another kind.", url=self.url),
                    )
                yield chunk
        except LIBRARY_ERRORS as exc:
            raise translated(exc, self.url) from exc

    async def text(self, longest: int = LONGEST_REPLY) -> str:
        """The body, cut at `longest` bytes."""
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
            if len(body) >= longest:
                break
        return bytes(body[:longest]).decode("utf-8-sig", errors="replace")


class HttpClient:
    """The connections to one origin. `headers` (the key) never go to another one.

    `connect` is in seconds. `tls` replaces the usual trusted authorities.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        connect: float,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._base_url = base_url
        self._secret_headers = headers
        self._connect = connect
        self._tls = tls

    async def __aenter__(self) -> Self:
        tls = self._tls or authorities(self._base_url)
        self._session = _session(self._base_url, tls)
        transport = AiohttpTransport(
            verify=tls, proxy=proxy_for(self._base_url), client=self._session
        )
        timeout = httpx.Timeout(None, connect=self._connect, pool=self._connect)
        self._client = httpx.AsyncClient(
            transport=transport,
            timeout=timeout,
            headers=HEADERS,
            trust_env=False,
            follow_redirects=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()
        await self._session.close()

    @asynccontextmanager
    async def send(self, request: WireRequest) -> AsyncGenerator[HttpReply]:
        """Send and wait for the head; leaving the context closes what is still open.

        Raises:
            BackendError: no answer, or one in an encoding that was not asked for.
        """
        response = await self._head(request)
        try:
            _refuse_encoding(response)
            yield HttpReply(response, request.url)
        finally:
            await _close(response)

    async def _head(self, request: WireRequest) -> httpx.Response:
        """A kept connection that the server has just closed is no failure: send once more."""
        try:
            return await self._send(request)
        except LIBRARY_ERRORS as exc:
            if not _went_stale(exc):
                raise translated(exc, request.url) from exc
        try:
            return await self._send(request)
        except LIBRARY_ERRORS as exc:
            raise translated(exc, request.url) from exc

    async def _send(self, request: WireRequest) -> httpx.Response:
        method = "GET" if request.body is None else "POST"
        same = origin_of(request.url) == origin_of(self._base_url)
        built = self._client.build_request(
            method,
            request.url,
            json=request.body,
            headers=dict(self._secret_headers) if same else None,
        )
        return await self._client.send(built, stream=True)


def translated(error: Exception, url: str) -> BackendError:
    """The library's error as one of ours."""
    for cause in causes(error):
        if isinstance(cause, aiohttp.ClientResponseError):
            return BadResponse(
                say("What came is not HTTP: {why}", why=showable(cause.message)),
                hint=say("The port at {url} may speak https, or be no web server.", url=url),
            )
        if isinstance(cause, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return BadResponse(
                say("{url} is not a web address.", url=showable(url)),
                hint=say("A baseURL begins with http:// or https://."),
            )
    return network_error(error, url)


def _session(base_url: str, tls: ssl.SSLContext) -> aiohttp.ClientSession:
    keep = KEEP_LOCAL if is_local(base_url) else KEEP_CLOUD
    connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=keep, ssl=tls)
    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(_note_reuse)
    trace.on_request_exception.append(_mark_reuse)
    return aiohttp.ClientSession(
        connector=connector, trace_configs=[trace], cookie_jar=aiohttp.DummyCookieJar()
    )


async def _note_reuse(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    context.reused = True


async def _mark_reuse(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    params: aiohttp.TraceRequestExceptionParams,
) -> None:
    if getattr(context, "reused", False):
        params.exception.add_note(REUSED)


def _went_stale(error: Exception) -> bool:
    """Lost before a byte of the answer came, on a connection that was kept open."""
    chain = list(causes(error))
    answered = any(isinstance(cause, aiohttp.ClientResponseError) for cause in chain)
    return not answered and any(REUSED in getattr(cause, "__notes__", ()) for cause in chain)


def authorities(base_url: str) -> ssl.SSLContext:
    """Reading the trusted authorities takes long, so plain http gets none at all."""
    if base_url.startswith("https:"):
        return httpx.create_ssl_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy_for(base_url: str) -> httpx.Proxy | None:
    """The system's proxy, never for this machine itself."""
    if is_loopback(base_url) or proxy_bypass(host_of(base_url)):
        return None
    url = getproxies().get(base_url.partition(":")[0])
    return httpx.Proxy(url) if url else None


def _refuse_encoding(response: httpx.Response) -> None:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise BadResponse(
            say("The server sent its answer as {encoding}.", encoding=showable(encoding)),
            hint=say("A proxy in between compresses what it should not; switch that off."),
        )


async def _close(response: httpx.Response) -> None:
    try:
        await response.aclose()
    except LIBRARY_ERRORS:
        return  # the answer is no longer wanted
