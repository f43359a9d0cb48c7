from dataclasses import replace

from fakes.llm import ScriptedLlm, fail
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

LOADED = {"id": "m", "parameters": {"max_seq_len": 8192, "max_batch_size": 4}}
COUNT = "/v1/token/encode"

VOICE = replace(CHAT_COMPLETIONS, answers={"/v1/model": LOADED, COUNT: {"length": 3}})


def server_at(llm: ScriptedLlm) -> RemoteServer:
    llm.answers |= VOICE.answers
    profile = ConnectionProfile(name="ann", type="tabbyapi", baseURL=llm.url, model="m")
    return RemoteServer(profile, SystemClock())


def test_what_has_no_effect_is_left_out() -> None:
    assert wire("tabbyapi") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "min_p": 0.05,
        "max_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "repetition_penalty": 1.1,
        "xtc_threshold": 0.1,
        "xtc_probability": 0.5,
        "logit_bias": {"1234": -5},
        "banned_strings": ["shivers down"],
        "stop": ["User:"],
        "n": 2,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": {"type": "object"}},
        },
    }


def test_a_penalty_below_zero_would_be_refused() -> None:
    sent = wire("tabbyapi", Sampler(frequencyPenalty=-1, presencePenalty=-0.5))
    assert sent == {"frequency_penalty": 0, "presence_penalty": 0}


async def test_window_and_slots_are_those_of_the_loaded_model() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        probe = await server.probe()
    assert (probe.state, probe.window, probe.slots) == ("up", 8192, 4)


async def test_an_unhealthy_server_is_down() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.special["/health"] = fail(503, {"status": "unhealthy", "issues": [{"time": "now"}]})
        assert (await server.probe()).state == "down"


async def test_tokens_are_counted_as_text() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello there"]) == [3]
    body = llm.asides[-1].body
    assert (body["text"], body["encode_special_tokens"]) == ("Hello there", False)
