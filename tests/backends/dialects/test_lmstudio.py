from dataclasses import replace

import pytest
from fakes.llm import ScriptedLlm, reply_json
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile

LOADED = {"id": "mistral", "state": "loaded", "loaded_context_length": 8192}
ON_DISK = {"id": "qwen", "state": "not-loaded", "max_context_length": 32768}
LIST = "/api/v0/models"

VOICE = replace(CHAT_COMPLETIONS, answers={LIST: {"data": [LOADED, ON_DISK]}})


def server_at(llm: ScriptedLlm, model: str = "") -> RemoteServer:
    profile = ConnectionProfile(name="ann", type="lmstudio", baseURL=llm.url, model=model)
    return RemoteServer(profile, SystemClock())


def test_json_is_asked_for_by_a_schema_and_unknown_keys_are_left_out() -> None:
    assert wire("lmstudio") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "max_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "repeat_penalty": 1.1,
        "seed": 7,
        "logit_bias": {"1234": -5},
        "stop": ["User:"],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": {"type": "object"}},
        },
    }


@pytest.mark.parametrize(("model", "window"), [("mistral", 8192), ("", 8192), ("qwen", None)])
async def test_the_window_is_the_one_the_model_was_loaded_with(
    model: str, window: int | None
) -> None:
    async with ScriptedLlm() as llm, server_at(llm, model) as server:
        llm.answers |= VOICE.answers
        probe = await server.probe()
    assert (probe.state, probe.window, probe.slots) == ("up", window, 1)


async def test_an_old_version_that_answers_unknown_paths_with_200_is_up_all_the_same() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.answers[LIST] = {"error": "Unexpected endpoint or method. (GET /api/v0/models)"}
        probe = await server.probe()
    assert (probe.state, probe.models, probe.window) == ("up", ("scripted",), None)


async def test_a_base_url_without_v1_is_told_although_the_status_is_200() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.sick(reply_json({"error": "Unexpected endpoint or method. (GET /models)"}))
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "bad_response")
    assert "/v1" in probe.hint
