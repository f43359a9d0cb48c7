from dataclasses import replace

import pytest
from fakes.listener import listen
from fakes.llm import ScriptedLlm, delta, frames, raw, reply_json
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS, sse
from pydantic import SecretStr

from backends.dialects import settled
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.errors import BadKey, OutOfCredit, Overloaded, RateLimited
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

KEY = {"data": {"label": "sk-or-…", "limit_remaining": 4.2, "is_free_tier": False}}

VOICE = replace(CHAT_COMPLETIONS, answers={"/v1/key": KEY})


def server_at(llm: ScriptedLlm, **fields: object) -> RemoteServer:
    llm.answers.setdefault("/v1/key", KEY)
    profile = ConnectionProfile(
        name="ann", type="openrouter", baseURL=llm.url, model="m", apiKey=SecretStr("sk-or-12345")
    )
    return RemoteServer(profile.model_copy(update=fields), SystemClock())


def test_stop_strings_and_roleplay_samplers_are_sent() -> None:
    sent = wire("openrouter")
    assert sent["stop"] == ["User:"]
    assert (sent["top_a"], sent["min_p"], sent["repetition_penalty"]) == (0.1, 0.05, 1.1)
    assert "typical_p" not in sent


def test_json_is_asked_only_of_providers_that_can_give_it() -> None:
    sent = wire("openrouter", Sampler(forceJson=True))
    assert sent == {
        "response_format": {"type": "json_object"},
        "provider": {"require_parameters": True},
    }


def test_it_already_tries_again_itself() -> None:
    assert settled(ConnectionProfile(type="openrouter")).max_retries == 1
    assert settled(ConnectionProfile(type="openrouter", maxRetries=3)).max_retries == 3


async def test_provider_routing_and_the_apps_name_are_sent() -> None:
    routing = {"order": ["Mancer"], "allow_fallbacks": False}
    async with (
        ScriptedLlm() as llm,
        server_at(
            llm,
            extra_body={"provider": routing},
            extra_headers={"HTTP-Referer": SecretStr("https://tavern.example")},
        ) as server,
    ):
        await listen(server)
    assert llm.requests[0].body["provider"] == routing
    assert llm.requests[0].headers["x-openrouter-title"] == "RoleForge"
    assert llm.requests[0].headers["http-referer"] == "https://tavern.example"


async def test_comments_are_passed_over() -> None:
    waiting = b": OPENROUTER PROCESSING\n\n"
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(frames(waiting, waiting, *VOICE.reply("Hello")))
        assert (await listen(server)).text == "Hello"


async def test_an_error_with_status_200_has_its_class() -> None:
    error = {"code": 429, "message": "Rate limited", "metadata": {"error_type": "rate_limit"}}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(reply_json({"error": error}))
        assert isinstance((await listen(server)).error, RateLimited)


async def test_an_error_chunk_ends_the_reply_as_broken() -> None:
    chunk = delta(finish="error") | {"error": {"code": 503, "message": "Provider overloaded"}}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(frames(sse(delta("Hello")), sse(chunk)))
        heard = await listen(server)
    assert heard.error is not None
    assert (heard.text, heard.finish, heard.error.code) == ("Hello", "cut", "stream_broken")
    assert isinstance(heard.error.__cause__, Overloaded)


async def test_the_probe_proves_the_key_although_the_list_is_public() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.special["/v1/key"] = reply_json({"error": {"code": 401, "message": "No auth"}}, 401)
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", BadKey.code)


@pytest.mark.parametrize(("model", "code"), [("m", OutOfCredit.code), ("m:free", "")])
async def test_a_used_up_key_still_reaches_the_free_models(model: str, code: str) -> None:
    async with ScriptedLlm() as llm, server_at(llm, model=model) as server:
        llm.answers["/v1/key"] = {"data": {"limit_remaining": 0}}
        assert (await server.probe()).code == code


async def test_a_lost_connection_is_no_reply() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"))
        assert (await listen(server)).error is not None
