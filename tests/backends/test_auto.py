"""The type "auto": what is there is found out, told, remembered, and asked again."""

import logging

import pytest
from fakes.listener import listen
from fakes.llm import ScriptedLlm, Step, fail, html

from backends.auto import AutoServer, open_server
from backends.dialects import every
from backends.discovery import SIGNS
from backends.fingerprint import service_at
from bot.clock import SystemClock
from roleplay.errors import BadKey, BadResponse, Loading, Unreachable
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

PROPS = {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 2}
TABBY = {"version": 0.1, "software": {"name": "TabbyAPI"}}


def auto(llm: ScriptedLlm, address: str = "", model: str = "scripted") -> AutoServer:
    profile = ConnectionProfile(
        name="ann",
        type="auto",
        baseURL=address or llm.url,
        model=model,
        sampler=Sampler(repetitionPenalty=1.1),
    )
    server = open_server(profile, SystemClock())
    assert isinstance(server, AutoServer)
    return server


def paths(llm: ScriptedLlm) -> list[str]:
    return [seen.path for seen in llm.asides]


async def test_what_is_there_is_found_told_and_spoken_to_in_its_own_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        llm.answers["/props"] = PROPS
        with caplog.at_level(logging.INFO, "backends.auto"):
            assert (await listen(server)).text == "Hello there."
        probe = await server.probe()
    assert (probe.kind, probe.window, probe.slots) == ("llamacpp", 4096, 2)
    assert server.profile.type == "llamacpp"
    assert llm.requests[0].body["repeat_penalty"] == 1.1
    assert server.tokenizer is not None
    assert caplog.messages == [f"ann: what answers at {llm.url} is llamacpp"]


async def test_it_is_asked_once_and_kobold_comes_before_ollama() -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        llm.answers["/props"] = PROPS
        await listen(server)
        asked = paths(llm)
        await listen(server)
    assert asked == ["/api/extra/version", "/api/version", "/props"] == paths(llm)


async def test_a_server_that_only_speaks_the_protocol_is_openai() -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        assert (await server.probe()).kind == "openai"


async def test_an_address_without_v1_is_completed() -> None:
    async with ScriptedLlm() as llm, auto(llm, llm.url.removesuffix("/v1")) as server:
        assert (await listen(server)).error is None
    assert llm.requests[0].path == "/v1/chat/completions"


async def test_a_status_alone_or_another_shape_is_no_sign() -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        llm.answers |= {"/api/version": ["1"], "/props": {"error": "Unexpected endpoint"}}
        llm.special["/version"] = html()
        assert (await server.probe()).kind == "openai"


async def test_after_an_outage_it_is_asked_again() -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        llm.answers["/props"] = PROPS
        assert (await server.probe()).kind == "llamacpp"
        await llm.refuse()
        assert (await server.probe()).state == "down"
        assert isinstance((await listen(server)).error, Unreachable)
        del llm.answers["/props"]
        llm.answers |= {"/.well-known/serviceinfo": TABBY, "/v1/model": {"parameters": {}}}
        await llm.listen()
        assert (await server.probe()).kind == "tabbyapi"
        assert (await listen(server)).text == "Hello there."


@pytest.mark.parametrize(
    ("step", "kind", "state"),
    [
        (fail(503, {"error": {"message": "Loading model"}}), Loading, "starting"),
        (fail(401), BadKey, "down"),
        (html(), BadResponse, "down"),
    ],
    ids=["loading", "key", "page"],
)
async def test_what_keeps_it_from_being_found_is_told(
    step: Step, kind: type[Exception], state: str
) -> None:
    async with ScriptedLlm() as llm, auto(llm) as server:
        llm.sick(step)
        error = (await listen(server)).error
        probe = await server.probe()
        assert type(error) is kind
        assert (probe.state, probe.kind) == (state, "")
        assert probe.hint or state == "starting"
        llm.sick(None)
        assert (await listen(server)).text == "Hello there."


def test_a_service_is_known_by_its_host_without_being_asked() -> None:
    assert service_at("https://openrouter.ai/api/v1") == "openrouter"
    assert service_at("https://api.anthropic.com/v1") == "anthropic"
    assert service_at("http://127.0.0.1:5000/v1") == ""


def test_every_kind_that_can_be_found_is_served() -> None:
    assert {sign.type for sign in SIGNS} <= every().keys()
