from fakes.listener import listen
from fakes.llm import ScriptedLlm, fail
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = CHAT_COMPLETIONS


def server_at(llm: ScriptedLlm) -> RemoteServer:
    profile = ConnectionProfile(
        name="ann", type="groq", baseURL=llm.url, model="m", sampler=Sampler(topP=0.9)
    )
    return RemoteServer(profile, SystemClock())


def test_one_alternative_and_no_bias() -> None:
    assert wire("groq") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_completion_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "seed": 7,
        "reasoning_effort": "low",
        "stop": ["User:"],
        "response_format": {"type": "json_object"},
    }


async def test_the_window_is_in_the_list() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.answers["/v1/models"] = {"data": [{"id": "m", "context_window": 131072}]}
        assert (await server.probe()).window == 131072


async def test_a_request_above_the_allowance_of_a_minute_is_no_rate_limit() -> None:
    error = {"message": "Request too large for model m", "code": "rate_limit_exceeded"}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(413, {"error": error}))
        heard = await listen(server)
    assert heard.error is not None
    assert (heard.error.code, heard.error.retryable) == ("request_too_big", False)


async def test_the_wait_is_read_from_the_text() -> None:
    error = {"message": "Please try again in 4.77s.", "code": "rate_limit_exceeded"}
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(429, {"error": error}))
        heard = await listen(server)
    assert heard.error is not None
    assert (heard.error.code, heard.error.retry_after) == ("rate_limited", 4.77)
