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
        name="ann", type="gemini", baseURL=llm.url, model="m", sampler=Sampler(topP=0.9)
    )
    return RemoteServer(profile, SystemClock())


def test_the_fewest_keys_are_sent() -> None:
    assert wire("gemini") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 400,
        "reasoning_effort": "low",
        "stop": ["User:"],
        "response_format": {"type": "json_object"},
    }


async def test_a_bad_key_is_one_although_its_status_is_400() -> None:
    details = [{"@type": "ErrorInfo", "reason": "API_KEY_INVALID"}]
    body = [{"error": {"code": 400, "message": "API key not valid.", "details": details}}]
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(400, body))
        heard = await listen(server)
    assert heard.error is not None
    assert heard.error.code == "bad_key"


async def test_a_spent_quota_in_a_list_is_a_rate_limit() -> None:
    body = [{"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED"}}]
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(429, body))
        heard = await listen(server)
    assert heard.error is not None
    assert heard.error.code == "rate_limited"


async def test_an_unknown_name_is_left_out_next_time() -> None:
    body = [{"error": {"code": 400, "message": 'Unknown name "top_p": Cannot find field.'}}]
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(fail(400, body))
        assert (await listen(server)).error is None
    assert ["top_p" in seen.body for seen in llm.requests] == [True, False]
