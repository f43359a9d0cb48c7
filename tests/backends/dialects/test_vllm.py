from dataclasses import replace

from fakes.llm import ScriptedLlm, fail, reply
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = replace(CHAT_COMPLETIONS, answers={"/version": {"version": "0.33.0"}})

MODELS = {"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 16384}]}


def server_at(llm: ScriptedLlm) -> RemoteServer:
    llm.answers |= {**VOICE.answers, "/v1/models": MODELS, "/tokenize": {"count": 3}}
    profile = ConnectionProfile(name="ann", type="vllm", baseURL=llm.url, model="m")
    return RemoteServer(profile, SystemClock())


def test_what_it_samples_by_is_sent_and_the_rest_is_not() -> None:
    assert wire("vllm") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "min_p": 0.05,
        "max_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "repetition_penalty": 1.1,
        "seed": 7,
        "logit_bias": {"1234": -5},
        "bad_words": ["shivers down"],
        "reasoning_effort": "low",
        "stop": ["User:"],
        "n": 2,
        "response_format": {"type": "json_object"},
    }


def test_a_top_p_of_zero_is_moved_and_no_top_k_is_left_out() -> None:
    assert wire("vllm", Sampler(topP=0, topK=-1)) == {"top_p": 0.01}


async def test_window_and_version_are_found() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        probe = await server.probe()
    assert (probe.state, probe.window, probe.version) == ("up", 16384, "0.33.0")


async def test_the_health_answer_is_empty_and_counts() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.special["/health"] = reply(b"", 200, "text/plain")
        assert (await server.probe()).state == "up"
        llm.special["/health"] = fail(503, "")
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "overloaded")


async def test_tokens_are_counted_for_the_model() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello there"]) == [3]
    sent = {"model": "m", "prompt": "Hello there", "add_special_tokens": False}
    assert llm.asides[-1].body == sent
