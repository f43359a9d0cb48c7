"""Profiles looked at over real sockets."""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from fakes.llm import Exchange, ScriptedLlm, Step, fail, html, reply_json, say
from pydantic import SecretStr

from backends.doctor.identity import other_addresses
from backends.doctor.ladder import examine
from backends.doctor.route import certificate_check
from backends.short_reply import ENOUGH
from bot.clock import SystemClock
from roleplay.checkup import Check
from roleplay.profiles import ConnectionProfile

ALL = ["name", "connect", "tls", "server", "key", "model", "window", "reply"]


@pytest.fixture
async def llm() -> AsyncGenerator[ScriptedLlm]:
    async with ScriptedLlm() as server:
        yield server


async def look(url: str, **fields: Any) -> dict[str, Check]:
    data = {"baseURL": url, "model": "scripted", **fields}
    profile = ConnectionProfile.model_validate({"name": "main", **data})
    checks = (await examine(profile, SystemClock())).checks
    assert [check.name for check in checks] == ALL
    return {check.name: check for check in checks}


def outcomes(found: dict[str, Check]) -> str:
    """One letter each: ok, warning, error, skipped."""
    return "".join(found[name].outcome[0] for name in ALL)


async def test_a_well_server_costs_one_short_reply(llm: ScriptedLlm) -> None:
    found = await look(llm.url)
    assert outcomes(found) == "oosoooso"
    assert "Hello there." in found["reply"].detail
    assert len(llm.requests) == 1


async def test_a_long_reply_is_left_once_it_is_proved(llm: ScriptedLlm) -> None:
    llm.say(*["never ending story "] * 6, 3600)
    found = await look(llm.url)
    assert found["reply"].outcome == "ok"
    assert len(found["reply"].detail) < ENOUGH * 2
    await llm.requests[0].gone.wait()


async def test_a_model_that_thinks_first_is_given_the_tokens_for_it(llm: ScriptedLlm) -> None:
    await look(llm.url)
    await look(llm.url, sampler={"max_completion_tokens": 64})
    asked = [request.body["max_tokens"] for request in llm.requests]
    assert asked == [1024, 64]


async def test_a_closed_port_stops_the_ladder_with_what_to_start(llm: ScriptedLlm) -> None:
    await llm.refuse()
    found = await look(llm.url)
    assert outcomes(found) == "oessssss"
    assert "Start the server" in found["connect"].hint


async def test_a_host_that_is_unknown_stops_it_at_once() -> None:
    found = await look("http://no-such-host.invalid/v1")
    assert outcomes(found) == "esssssss"
    assert "typo in baseURL" in found["name"].hint


async def test_a_name_that_no_host_can_have_is_unknown_too() -> None:
    found = await look(f"http://{'a' * 70}.example/v1")
    assert outcomes(found) == "esssssss"


async def test_a_refused_key_is_told_without_it(llm: ScriptedLlm) -> None:
    llm.sick(fail(401, {"error": {"message": "Bad key: canary-key-12345678"}}))
    found = await look(llm.url, apiKey=SecretStr("canary-key-12345678"))
    assert outcomes(found) == "oosoesss"
    assert "ending in 5678" in found["key"].hint
    assert not any("canary" in check.detail + check.hint for check in found.values())


async def test_a_wrong_model_names_the_nearest_there_is(llm: ScriptedLlm) -> None:
    llm.models = ["mistral-nemo", "llama-3.1-8b"]
    llm.fail(404, code="model_not_found")
    found = await look(llm.url, model="lama-3.1-8b")
    assert outcomes(found) == "oososess"
    assert "Closest is llama-3.1-8b" in found["model"].hint


async def test_a_web_page_is_no_llm_server(llm: ScriptedLlm) -> None:
    llm.sick(html())
    llm.otherwise = html()
    found = await look(llm.url)
    assert outcomes(found) == "oosessss"
    assert "a web page" in found["server"].detail
    assert "is this the right port?" in found["server"].hint


class OnlyUnderV1(ScriptedLlm):
    """Answers at its own address and nowhere else."""

    def _aside(self, path: str) -> Step:
        return super()._aside(path) if path.startswith("/v1/m") else fail(404)


@pytest.mark.parametrize(
    ("old", "new"),
    [("/v1", ""), ("/v1", "/v1/v1"), ("/v1", "/v1/chat/completions"), ("/v1", "/api")],
)
async def test_a_wrong_path_is_corrected_and_the_correction_tried(old: str, new: str) -> None:
    async with OnlyUnderV1() as llm:
        found = await look(llm.url.replace(old, new))
        assert outcomes(found) == "oosessss"
        assert f"Set baseURL of main to {llm.url}: that was tried" in found["server"].hint


def test_no_address_is_tried_twice_or_again() -> None:
    tried = other_addresses("http://host/v1/")
    assert len(tried) == len(set(tried))
    assert "http://host/v1" not in tried


async def test_another_kind_of_server_than_the_type_says_is_named(llm: ScriptedLlm) -> None:
    llm.answers["/api/version"] = {"version": "0.12.0"}
    found = await look(llm.url, type="llamacpp")
    assert found["server"].outcome == "error"
    assert "Ollama answers there: change the type of main." in found["server"].hint


async def test_a_server_that_is_still_loading_is_no_error(llm: ScriptedLlm) -> None:
    llm.sick(fail(503, {"error": {"message": "Loading model", "code": 503}}))
    found = await look(llm.url)
    assert outcomes(found) == "ooswssss"


async def test_an_expired_certificate_stops_it_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tls_server(tmp_path, not_after=datetime(2020, 1, 1, tzinfo=UTC)) as llm:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        found = await look(llm.url)
        assert outcomes(found) == "ooesssss"
        assert "has expired" in found["tls"].hint


async def test_a_trusted_certificate_tells_how_long_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tls_server(tmp_path) as llm:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        found = await look(llm.url)
        assert outcomes(found) == "oooooo" + "so"
        assert "more days" in found["tls"].detail


def test_a_certificate_that_ends_soon_is_worth_a_look() -> None:
    assert [certificate_check(days).outcome for days in (13, 14)] == ["warning", "ok"]


async def test_a_servers_date_tells_how_wrong_the_clock_is() -> None:
    async with ScriptedLlm() as llm:
        date = {"Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
        llm.sick(reply_json({"data": [{"id": "scripted"}]}, headers=date))
        profile = ConnectionProfile(name="main", baseURL=llm.url, model="scripted")
        found = await examine(profile, SystemClock())
    assert found.clock_offset is not None
    assert abs(found.clock_offset - (1445412480 - SystemClock().now())) < 60


async def test_a_proxy_takes_the_way_out_of_our_hands(
    llm: ScriptedLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answered(exchange: Exchange) -> None:
        step = fail(404) if exchange.seen.method == "GET" else say("Hi")
        await step(exchange)

    llm.sick(answered)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{llm.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    found = await look("http://llm.example/v1")
    assert outcomes(found)[:3] == "sss"
    assert "proxy 127.0.0.1" in found["name"].detail


async def test_a_real_server_is_known_by_its_own_doors(llama_server: ConnectionProfile) -> None:
    profile = llama_server.model_copy(update={"name": "main", "type": "llamacpp"})
    checks = (await examine(profile, SystemClock())).checks
    found = {check.name: check for check in checks}
    assert outcomes(found) == "oosooooo"
    assert found["server"].detail == "llama.cpp answers."
    assert "4096" in found["window"].detail


async def test_a_real_server_refuses_a_wrong_key(llama_server: ConnectionProfile) -> None:
    update = {"name": "main", "type": "llamacpp", "api_key": SecretStr("canary-key-12345678")}
    checks = (await examine(llama_server.model_copy(update=update), SystemClock())).checks
    assert "".join(check.outcome[0] for check in checks) == "oosoesss"
    assert not any("canary" in check.detail + check.hint for check in checks)


@asynccontextmanager
async def tls_server(folder: Path, **options: Any) -> AsyncGenerator[ScriptedLlm]:
    """Its authority is left in `folder`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate: Any = authority.issue_cert("localhost", **options)
    certificate.configure_cert(context)
    async with ScriptedLlm(tls=context, host="localhost") as llm:
        yield llm


async def test_a_type_that_is_to_be_found_out_is_looked_at_as_what_was_found(
    llama_server: ConnectionProfile,
) -> None:
    profile = llama_server.model_copy(update={"type": "auto"})
    found = {check.name: check for check in (await examine(profile, SystemClock())).checks}
    assert outcomes(found) == "oosooooo"
    assert "llama.cpp" in found["server"].detail
    assert "4096" in found["window"].detail
