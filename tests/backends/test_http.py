import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme
from fakes.listener import listen
from fakes.llm import ScriptedLlm, raw, reply_json

from backends.address import root_of
from backends.dialect import WireRequest
from backends.http import LONGEST_REPLY, HttpClient
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.errors import BackendError, BadResponse, TlsFailed, Unreachable
from roleplay.profiles import ConnectionProfile

HEADERS = {"Authorization": "Bearer sk-secret"}


@asynccontextmanager
async def tls_server(
    name: str = "localhost", **options: Any
) -> AsyncGenerator[tuple[ScriptedLlm, Any]]:
    """A server with a certificate for `name`, and its authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate: Any = authority.issue_cert(name, **options)
    certificate.configure_cert(context)
    async with ScriptedLlm(tls=context, host="localhost") as llm:
        yield llm, authority


async def error_at(url: str, tls: ssl.SSLContext | None = None) -> BackendError | None:
    profile = ConnectionProfile(baseURL=url, model="m")
    async with RemoteServer(profile, SystemClock(), tls) as server:
        return (await listen(server)).error


def trusting(authority: Any) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_a_trusted_certificate_is_taken() -> None:
    async with tls_server() as (llm, authority):
        assert await error_at(llm.url, trusting(authority)) is None


async def test_a_certificate_that_nobody_signed_is_refused() -> None:
    async with tls_server() as (llm, _):
        error = await error_at(llm.url)
    assert isinstance(error, TlsFailed)
    assert "SSL_CERT_FILE" in error.hint


async def test_an_expired_certificate_is_named_so() -> None:
    async with tls_server(not_after=datetime(2020, 1, 1, tzinfo=UTC)) as (llm, authority):
        error = await error_at(llm.url, trusting(authority))
    assert isinstance(error, TlsFailed)
    assert "expired" in error.hint


async def test_a_certificate_for_another_name_is_named_so() -> None:
    async with tls_server("other.example") as (llm, authority):
        error = await error_at(llm.url, trusting(authority))
    assert isinstance(error, TlsFailed)
    assert "another name" in error.hint


async def test_https_to_a_plain_server_says_to_use_http() -> None:
    async with ScriptedLlm() as llm:
        error = await error_at(llm.url.replace("http:", "https:"))
    assert isinstance(error, TlsFailed)
    assert "http://" in error.hint


async def test_http_to_a_tls_server_is_no_crash() -> None:
    async with tls_server() as (llm, _):
        error = await error_at(llm.url.replace("https:", "http:"))
    assert isinstance(error, BadResponse | Unreachable)
    assert error.hint


async def test_localhost_is_tried_under_both_of_its_addresses() -> None:
    async with ScriptedLlm(host="127.0.0.1") as llm:
        assert await error_at(llm.url.replace("127.0.0.1", "localhost")) is None


async def test_an_unknown_host_is_named() -> None:
    error = await error_at("http://no-such-host.invalid:1/v1")
    assert isinstance(error, Unreachable)
    assert "no-such-host.invalid" in str(error)


async def test_an_address_that_is_none_is_refused() -> None:
    error = await error_at("ftp://127.0.0.1/v1")
    assert isinstance(error, BackendError)
    assert error.hint


async def test_the_key_goes_to_its_own_host_only() -> None:
    async with (
        ScriptedLlm() as home,
        ScriptedLlm() as elsewhere,
        HttpClient(home.url, HEADERS, connect=5) as client,
    ):
        for llm in (home, elsewhere):
            async with client.send(WireRequest(f"{llm.url}/models")) as reply:
                assert reply.status == 200
    assert home.asides[0].headers["authorization"] == "Bearer sk-secret"
    assert "authorization" not in elsewhere.asides[0].headers


async def test_nothing_compressed_is_asked_for() -> None:
    async with ScriptedLlm() as llm:
        assert await error_at(llm.url) is None
    assert llm.requests[0].headers["accept-encoding"] == "identity"


async def test_a_body_without_end_is_left() -> None:
    async with ScriptedLlm() as llm:
        head = b"HTTP/1.1 200 OK\r\n\r\n"
        llm.next(raw(head, *[b": comment\n" * 100_000] * ((LONGEST_REPLY >> 20) + 1)))
        error = await error_at(llm.url)
    assert isinstance(error, BadResponse)
    assert "16 MiB" in str(error)


async def test_a_system_proxy_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with ScriptedLlm() as llm:
        assert await error_at(llm.url) is None


async def test_a_system_proxy_is_asked_for_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ScriptedLlm() as proxy:
        monkeypatch.setenv("http_proxy", root_of(proxy.url))
        proxy.next(reply_json({"error": {"message": "from the proxy"}}, 502))
        error = await error_at("http://llm.example.com/v1")
    assert "from the proxy" in str(error)
    assert proxy.requests[0].path == "http://llm.example.com/v1/chat/completions"
