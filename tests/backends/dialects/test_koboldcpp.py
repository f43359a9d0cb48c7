"""KoboldCpp has no package to test against: a fake, written from its source."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest
from fakes import koboldcpp
from fakes.koboldcpp import ABORT, token
from fakes.listener import HELLO, listen
from fakes.llm import Exchange, ScriptedLlm, Step, delta, fail, frames
from fakes.talk import Talk
from fakes.voices import sse

from backends.dialects.koboldcpp import dialect
from roleplay.chat import TextRequest
from roleplay.errors import Overloaded, ServerFailed, StreamBroken
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = koboldcpp.VOICE

EVERY_KEY = Sampler(
    temperature=0.7,
    topP=0.9,
    topK=40,
    minP=0.05,
    topA=0.1,
    tfs=0.9,
    typicalP=0.95,
    max_completion_tokens=300,
    maxContextTokens=4096,
    presencePenalty=0.5,
    repetitionPenalty=1.1,
    mirostat=2,
    seed=42,
    bannedStrings=("shivers",),
    stop=("User:", "###"),
)

SHARED = {
    "temperature": 0.7,
    "top_p": 0.9,
    "top_k": 40,
    "min_p": 0.05,
    "top_a": 0.1,
    "tfs": 0.9,
    "typical": 0.95,
    "max_context_length": 4096,
    "presence_penalty": 0.5,
    "rep_pen": 1.1,
    "banned_strings": ["shivers"],
}


@pytest.fixture
async def talk() -> AsyncGenerator[Talk]:
    async with ScriptedLlm() as llm:
        llm.answers |= VOICE.answers
        llm.otherwise = frames(*VOICE.reply("Hel", "lo"))
        yield Talk(llm, VOICE, "koboldcpp")


def profile(sampler: Sampler, base: str = "http://x:1/v1") -> ConnectionProfile:
    return ConnectionProfile(type="koboldcpp", baseURL=base, model="m", sampler=sampler)


def without_key(body: Mapping[str, object] | None) -> dict[str, object]:
    return {key: value for key, value in (body or {}).items() if key != "genkey"}


def aborted(talk: Talk) -> list[str]:
    return [seen.body["genkey"] for seen in talk.llm.asides if seen.path == ABORT]


def test_messages_go_by_openais_protocol_with_its_own_samplers() -> None:
    wire = dialect.encode(HELLO, profile(EVERY_KEY))
    assert wire.url == "http://x:1/v1/chat/completions"
    assert without_key(wire.body) == SHARED | {
        "model": "m",
        "messages": [{"role": "user", "content": "Ann: Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 300,
        "mirostat_mode": 2,
        "seed": 42,
    }


def test_a_prompt_that_is_one_text_goes_by_its_own() -> None:
    wire = dialect.encode_text(TextRequest("USER: Hi ASSISTANT:"), profile(EVERY_KEY))
    assert wire is not None
    assert wire.url == "http://x:1/api/extra/generate/stream"
    assert without_key(wire.body) == SHARED | {
        "prompt": "USER: Hi ASSISTANT:",
        "max_length": 300,
        "mirostat": 2,
        "sampler_seed": 42,
        "stop_sequence": ["User:", "###"],
        "trim_stop": False,
    }


def test_it_is_given_no_more_stops_than_it_takes() -> None:
    many = Sampler(stop=tuple(f"<{number}>" for number in range(40)))
    wire = dialect.encode_text(TextRequest("Hi"), profile(many))
    assert wire is not None
    sent: Any = (wire.body or {})["stop_sequence"]
    assert len(sent) == 32


@pytest.mark.parametrize("base", ["http://x:1", "http://x:1/", "http://x:1/api", "http://x:1/v1"])
def test_the_address_may_be_given_in_any_form(base: str) -> None:
    chat = dialect.encode(HELLO, profile(Sampler(), base))
    text = dialect.encode_text(TextRequest("Hi"), profile(Sampler(), base))
    assert chat.url == "http://x:1/v1/chat/completions"
    assert text is not None
    assert text.url == "http://x:1/api/extra/generate/stream"
    asked = [question.request.url for question in dialect.probe(profile(Sampler(), base))]
    assert "http://x:1/api/extra/version" in asked


def test_no_two_requests_have_the_same_key() -> None:
    bodies = [dialect.encode(HELLO, profile(Sampler())).body or {} for _ in range(2)]
    assert bodies[0]["genkey"] != bodies[1]["genkey"]


async def test_its_own_events_are_read_to_the_reason(talk: Talk) -> None:
    talk.llm.next(frames(token("Hel"), token("lo"), token("", "length")))
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "length", None)


async def test_a_stop_string_in_the_text_counts_more_than_its_reason(talk: Talk) -> None:
    talk.llm.next(frames(token("Hi.\nAnn"), token(": no", "length")))
    async with talk.server(sampler=Sampler(stop=("\nAnn:",))) as server:
        heard = await listen(server)
    assert (heard.text, heard.finish) == ("Hi.", "stop")


@pytest.mark.parametrize(
    "failed",
    [token("", "error"), sse(delta(finish="error"))],
    ids=["its own protocol", "OpenAI's"],
)
async def test_a_failure_with_status_200_is_one(talk: Talk, failed: bytes) -> None:
    talk.llm.next(frames(failed), frames(VOICE.piece("Hi"), failed))
    async with talk.server() as server:
        first, second = [await listen(server) for _ in range(2)]
    assert type(first.error) is ServerFailed
    assert first.error.hint
    assert second.text == "Hi"
    assert isinstance(second.error, StreamBroken)


async def test_a_full_queue_is_overloaded(talk: Talk) -> None:
    detail = {"msg": "Server is busy; please try again later.", "type": "service_unavailable"}
    talk.llm.next(fail(503, {"detail": detail}))
    async with talk.server() as server:
        assert isinstance((await listen(server)).error, Overloaded)


def begun(talk: Talk) -> Step:
    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk(talk.voice.piece("Hello"))
        await exchange.seen.gone.wait()

    return step


async def test_a_reply_that_is_left_is_aborted_by_its_own_key(talk: Talk) -> None:
    talk.llm.next(begun(talk))
    async with talk.server() as server:
        stream = server.stream(HELLO, time.monotonic() + 30)
        assert (await anext(stream)).text == "Hello"
        assert aborted(talk) == []
        await stream.aclose()
    assert aborted(talk) == [talk.llm.requests[0].body["genkey"]]


async def test_a_reply_that_never_began_is_aborted_as_well(talk: Talk) -> None:
    asked = asyncio.Event()

    async def step(exchange: Exchange) -> None:
        asked.set()
        await exchange.seen.gone.wait()

    talk.llm.next(step)
    async with talk.server() as server:
        waiting = asyncio.create_task(listen(server))
        await asyncio.wait_for(asked.wait(), 5)
        waiting.cancel()
        await asyncio.wait({waiting})
    assert aborted(talk) == [talk.llm.requests[0].body["genkey"]]


async def test_a_stop_string_of_ours_aborts_the_rest(talk: Talk) -> None:
    talk.llm.next(begun(talk))
    async with talk.server(sampler=Sampler(stop=("lo",))) as server:
        assert (await listen(server)).text == "Hel"
    assert aborted(talk) == [talk.llm.requests[0].body["genkey"]]


async def test_a_reply_that_ended_or_was_refused_is_not_aborted(talk: Talk) -> None:
    talk.llm.next(talk.llm.otherwise, fail(503))
    async with talk.server() as server:
        await listen(server)
        await listen(server)
    assert aborted(talk) == []


async def test_the_reply_ends_though_the_abort_is_refused(talk: Talk) -> None:
    talk.llm.next(begun(talk))
    talk.llm.answers.pop(ABORT)
    async with talk.server(sampler=Sampler(stop=("lo",))) as server:
        heard = await listen(server)
    assert (heard.text, heard.error) == ("Hel", None)


async def test_the_probe_finds_version_model_and_window(talk: Talk) -> None:
    async with talk.server() as server:
        probe = await server.probe()
    assert (probe.state, probe.models, probe.window) == ("up", ("scripted",), koboldcpp.WINDOW)


async def test_a_password_that_is_missing_is_found_for_free(talk: Talk) -> None:
    talk.llm.answers["/api/v1/model"] = {"result": "koboldcpp/protected-model"}
    async with talk.server() as server:
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "bad_key")
    assert "--password" in probe.hint


async def test_another_server_on_its_port_is_not_taken_for_it(talk: Talk) -> None:
    talk.llm.answers["/api/extra/version"] = {"result": "SomethingElse", "version": "1"}
    async with talk.server() as server:
        assert (await server.probe()).code == "bad_response"


async def test_tokens_are_counted_by_the_server(talk: Talk) -> None:
    async with talk.server() as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello"]) == [5]
