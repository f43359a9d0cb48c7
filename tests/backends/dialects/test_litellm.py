from dataclasses import replace

from fakes.listener import listen
from fakes.llm import ScriptedLlm, fail
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.dialects import settled
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.errors import NoSuchModel, OutOfCredit
from roleplay.profiles import ConnectionProfile

INFO = {"data": [{"model_name": "m", "model_info": {"max_input_tokens": 128000}}]}
COUNT = "/utils/token_counter"

VOICE = replace(
    CHAT_COMPLETIONS,
    answers={
        "/health/readiness": {"status": "connected", "litellm_version": "1.90.0"},
        "/model/info": INFO,
        COUNT: {"total_tokens": 3},
    },
)


def server_at(llm: ScriptedLlm) -> RemoteServer:
    llm.answers |= VOICE.answers
    profile = ConnectionProfile(name="ann", type="litellm", baseURL=llm.url, model="m")
    return RemoteServer(profile, SystemClock())


def test_only_openais_own_keys_are_sent() -> None:
    assert wire("litellm").keys() == {
        *("temperature", "top_p", "max_tokens", "frequency_penalty", "presence_penalty"),
        *("seed", "logit_bias", "reasoning_effort", "stop", "n", "response_format"),
    }


def test_it_already_tries_again_itself() -> None:
    assert settled(ConnectionProfile(type="litellm")).max_retries == 1


async def test_the_probe_never_asks_for_health_which_costs_money() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        probe = await server.probe()
    assert (probe.state, probe.window, probe.version) == ("up", 128000, "1.90.0")
    assert "/health" not in [seen.path for seen in llm.asides]


async def test_tokens_are_counted_for_the_model() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello"]) == [3]
    assert llm.asides[-1].body == {"model": "m", "prompt": "Hello"}


async def test_its_words_for_a_wrong_model_and_an_empty_budget_are_known() -> None:
    wrong = {"error": {"message": "Invalid model name passed in model=m", "code": "400"}}
    spent = {"error": {"message": "Budget has been exceeded!", "type": "budget_exceeded"}}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(400, wrong), fail(400, spent))
        errors = [(await listen(server)).error for _ in range(2)]
    assert [type(error) for error in errors] == [NoSuchModel, OutOfCredit]
