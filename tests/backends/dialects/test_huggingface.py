from collections.abc import Sequence
from dataclasses import replace

import pytest
from fakes.listener import listen
from fakes.llm import ScriptedLlm, fail
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.dialects import settled
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler


def info(models: Sequence[str]) -> dict[str, object]:
    return {"model_id": models[0], "max_total_tokens": 4096, "version": "3.3.6"}


VOICE = replace(
    CHAT_COMPLETIONS, answers={"/info": info, "/tokenize": [{"id": 1, "text": "Hello"}]}
)

RETIRED = "https://api-inference.huggingface.co/models/mistralai/Mistral-7B-Instruct-v0.3"

MATRIX = Sampler(temperature=0.0, topP=1.0, topK=40, max_completion_tokens=400)


def server_at(llm: ScriptedLlm) -> RemoteServer:
    llm.answers |= VOICE.answers
    profile = ConnectionProfile(name="ann", type="huggingface", baseURL=llm.url, sampler=MATRIX)
    return RemoteServer(profile, SystemClock())


def test_what_tgi_would_refuse_is_moved_or_left_out() -> None:
    assert wire("huggingface", MATRIX) == {"temperature": 0.01, "max_tokens": 400}
    assert wire("huggingface", Sampler(topP=0)) == {"top_p": 0.01}


def test_at_most_four_stops_are_sent() -> None:
    assert wire("huggingface", Sampler(stop=tuple("abcde"))) == {"stop": ["a", "b", "c", "d"]}


def test_typical_sampling_is_known_to_an_endpoint_only() -> None:
    sampler = Sampler(typicalP=0.9)
    assert wire("huggingface", sampler) == {}
    endpoint = "https://abc.eu-west-1.aws.endpoints.huggingface.cloud/v1"
    assert wire("huggingface", sampler, baseURL=endpoint) == {"typical_p": 0.9}


@pytest.mark.parametrize("kind", ["openai", "huggingface"])
def test_the_retired_address_becomes_the_routers_and_its_model_is_kept(kind: str) -> None:
    profile = settled(ConnectionProfile(type=kind, baseURL=RETIRED))
    assert profile.base_url == "https://router.huggingface.co/v1"
    assert profile.model == "mistralai/Mistral-7B-Instruct-v0.3"


async def test_an_endpoint_tells_model_window_and_version() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        probe = await server.probe()
    found = (probe.state, probe.models, probe.window, probe.version)
    assert found == ("up", ("scripted",), 4096, "3.3.6")


async def test_tokens_are_counted_by_an_endpoint() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello"]) == [1]


async def test_a_refused_value_named_in_tgis_words_is_left_out() -> None:
    refusal = {
        "error": "Input validation error: `temperature` must be strictly positive",
        "error_type": "validation",
    }
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(422, refusal))
        assert (await listen(server)).error is None
    assert ["temperature" in seen.body for seen in llm.requests] == [True, False]


async def test_a_model_that_no_provider_hosts_is_named() -> None:
    message = "The requested model 'x' is not supported by any provider you have enabled."
    error = {"message": message, "code": "model_not_supported", "param": "model"}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(400, {"error": error}))
        heard = await listen(server)
    assert heard.error is not None
    assert heard.error.code == "no_model"
