from fakes.listener import listen
from fakes.llm import ScriptedLlm, delta, frames
from fakes.samplers import wire
from fakes.voices import CHAT_COMPLETIONS, sse

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = CHAT_COMPLETIONS


def server_at(llm: ScriptedLlm) -> RemoteServer:
    profile = ConnectionProfile(
        name="ann", type="mistral", baseURL=llm.url, model="m", sampler=Sampler(topP=0.9)
    )
    return RemoteServer(profile, SystemClock())


def test_the_schema_is_strict_and_the_seed_has_its_own_name() -> None:
    assert wire("mistral") == {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 400,
        "frequency_penalty": 0.5,
        "presence_penalty": 0.5,
        "random_seed": 7,
        "stop": ["User:"],
        "n": 2,
        "response_format": {"type": "json_object"},
    }


def test_a_temperature_above_its_range_is_moved() -> None:
    assert wire("mistral", Sampler(temperature=2)) == {"temperature": 1.5}


async def test_usage_comes_unasked_and_thoughts_come_as_parts() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    parts = delta(content=[thought, {"type": "text", "text": "Hello"}])
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(frames(sse(parts), *VOICE.reply()))
        heard = await listen(server)
    assert (heard.text, heard.reasoning) == ("Hello", "hm")
    assert "stream_options" not in llm.requests[0].body


async def test_the_window_is_in_the_list() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.answers["/v1/models"] = {"data": [{"id": "m", "max_context_length": 131072}]}
        assert (await server.probe()).window == 131072
