from dataclasses import replace

from fakes.listener import listen
from fakes.llm import ScriptedLlm, fail, frames
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = replace(CHAT_COMPLETIONS, answers={"/user/balance": {"is_available": True}})


def server_at(llm: ScriptedLlm) -> RemoteServer:
    profile = ConnectionProfile(
        name="ann", type="deepseek", baseURL=llm.url, model="m", sampler=Sampler(topP=0.9)
    )
    return RemoteServer(profile, SystemClock())


def test_the_few_keys_it_knows_are_sent() -> None:
    assert wire("deepseek") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "stop": ["User:"],
        "response_format": {"type": "json_object"},
    }


def test_sixteen_stops_fit() -> None:
    stops = tuple("abcdefghijklmnopqr")
    assert wire("deepseek", Sampler(stop=stops)) == {"stop": list(stops[:16])}


async def test_an_empty_balance_is_known_before_anybody_asks() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.answers["/user/balance"] = {"is_available": False, "balance_infos": []}
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "out_of_credit")


async def test_an_empty_balance_is_out_of_credit_whatever_its_type_says() -> None:
    error = {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid_request"}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(402, {"error": error}))
        heard = await listen(server)
    assert heard.error is not None
    assert heard.error.code == "out_of_credit"
    assert len(llm.requests) == 1


async def test_blank_lines_while_one_waits_are_passed_over() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(frames(b"\n\n", b": keep-alive\n\n", *VOICE.reply("Hello")))
        assert (await listen(server)).text == "Hello"
