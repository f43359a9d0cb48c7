from collections.abc import Sequence
from dataclasses import replace

from fakes.llm import ScriptedLlm
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile

INFO = "/v1/internal/model/info"
COUNT = "/v1/internal/token-count"


def info(models: Sequence[str]) -> dict[str, object]:
    return {"model_name": models[0] if models else "None"}


VOICE = replace(CHAT_COMPLETIONS, answers={INFO: info, COUNT: {"length": 3}})


def server_at(llm: ScriptedLlm) -> RemoteServer:
    llm.answers |= VOICE.answers
    profile = ConnectionProfile(name="ann", type="textgen", baseURL=llm.url)
    return RemoteServer(profile, SystemClock())


def test_nearly_every_sampler_is_sent_in_its_own_form() -> None:
    sent = wire("textgen")
    assert str(sent.pop("grammar_string")).startswith("root ::= object")
    assert sent == {
        "temperature": 0.7,
        "top_p": 0.9,
        "top_k": 40,
        "min_p": 0.05,
        "typical_p": 0.9,
        "top_a": 0.1,
        "tfs": 0.9,
        "max_tokens": 400,
        "truncation_length": 2048,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "repetition_penalty": 1.1,
        "mirostat_mode": 2,
        "mirostat_tau": 5,
        "mirostat_eta": 0.1,
        "dry_multiplier": 0.8,
        "dry_base": 1.75,
        "dry_allowed_length": 2,
        "dry_sequence_breakers": '["\\n", ":"]',
        "xtc_threshold": 0.1,
        "xtc_probability": 0.5,
        "seed": 7,
        "logit_bias": {"1234": -5},
        "stop": ["User:"],
    }


async def test_a_server_without_a_loaded_model_is_down_and_says_what_to_do() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.models = []
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "no_model")
    assert "--model" in probe.hint


async def test_tokens_are_counted_by_the_server() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello there"]) == [3]
    assert llm.asides[-1].body == {"text": "Hello there"}
