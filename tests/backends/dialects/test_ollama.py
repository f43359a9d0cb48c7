"""Ollama has no package of its own to test against: a fake, written from its protocol."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest
from fakes import ollama
from fakes.listener import listen
from fakes.llm import Failing, ScriptedLlm, fail, frames
from fakes.ollama import chunk, last, line, text_chunk
from fakes.talk import Talk

from backends.dialects.ollama import api_of, dialect
from roleplay.chat import ChatMessage, ChatRequest, Delta, TextRequest
from roleplay.errors import BadParameter, NoSuchModel, Overloaded, ServerFailed
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = ollama.VOICE

HELLO = ChatRequest((ChatMessage("system", "You are Ann."), ChatMessage("user", "Hi")))

EVERY_KEY = Sampler(
    temperature=0.7,
    topP=0.9,
    topK=40,
    minP=0.05,
    typicalP=0.95,
    max_completion_tokens=400,
    maxContextTokens=16384,
    frequencyPenalty=0.5,
    presencePenalty=-0.5,
    repetitionPenalty=1.1,
    seed=42,
    stop=("User:", "###"),
    n=2,
    forceJson=True,
    reasoningEffort="low",
)


@pytest.fixture
async def talk() -> AsyncGenerator[Talk]:
    async with ScriptedLlm() as llm:
        llm.answers |= VOICE.answers
        yield Talk(llm, VOICE, "ollama")


def body(sampler: Sampler) -> Mapping[str, Any]:
    profile = ConnectionProfile(
        type="ollama", baseURL="http://localhost:11434", model="m", sampler=sampler
    )
    return dialect.encode(HELLO, profile).body or {}


def test_every_key_that_ollama_knows_is_sent_by_its_name() -> None:
    assert body(EVERY_KEY) == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "You are Ann."},
            {"role": "user", "content": "Hi"},
        ],
        "stream": True,
        "format": "json",
        "think": "low",
        "options": {
            "temperature": 0.7,
            "top_p": 0.9,
            "top_k": 40,
            "min_p": 0.05,
            "typical_p": 0.95,
            "num_predict": 400,
            "num_ctx": 16384,
            "frequency_penalty": 0.5,
            "presence_penalty": -0.5,
            "repeat_penalty": 1.1,
            "seed": 42,
            "stop": ["User:", "###"],
        },
    }


def test_what_is_unset_is_not_sent() -> None:
    assert body(Sampler()).keys() == {"model", "messages", "stream"}


def test_reasoning_can_be_switched_off() -> None:
    assert body(Sampler(reasoningEffort="none"))["think"] is False


def test_a_prompt_that_is_one_text_goes_raw() -> None:
    profile = ConnectionProfile(type="ollama", baseURL="http://x:1", model="m")
    wire = dialect.encode_text(TextRequest("USER: Hi ASSISTANT:", stop=("USER:",)), profile)
    assert wire is not None
    assert wire.url == "http://x:1/api/generate"
    assert wire.body == {
        "model": "m",
        "prompt": "USER: Hi ASSISTANT:",
        "raw": True,
        "stream": True,
        "options": {"stop": ["USER:"]},
    }


@pytest.mark.parametrize("base", ["http://x:1", "http://x:1/", "http://x:1/v1", "http://x:1/api/"])
def test_the_address_may_be_given_in_any_form(base: str) -> None:
    assert api_of(base) == "http://x:1/api"


async def test_a_reply_to_raw_text_is_read_as_well(talk: Talk) -> None:
    talk.llm.next(frames(line(text_chunk("Hel")), line(text_chunk("lo")), line(last())))
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.finish, heard.error) == ("Hello", "stop", None)


def test_the_last_line_holds_the_reason_and_the_usage() -> None:
    [frame] = dialect.reader().feed(line(last("length", prompt=11, completion=4)))
    [piece] = dialect.decode(frame)
    assert isinstance(piece, Delta)
    assert piece.finish_reason == "length"
    assert piece.usage is not None
    assert (piece.usage.prompt_tokens, piece.usage.completion_tokens) == (11, 4)
    assert dialect.ends(frame)


async def test_an_error_line_ends_the_reply_with_the_servers_words(talk: Talk) -> None:
    words = "llama-server process has terminated: signal: killed"
    talk.llm.next(frames(line({"error": words})))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert type(error) is ServerFailed
    assert words in str(error)


async def test_a_missing_model_says_how_to_get_it_and_what_is_there(talk: Talk) -> None:
    talk.llm.models = ["mistral:latest", "llama3.2:3b"]
    words = {"error": 'model "llama3.2" not found, try pulling it first'}
    talk.llm.next(fail(404, words))
    async with talk.server(model="llama3.2") as server:
        error = (await listen(server)).error
    assert isinstance(error, NoSuchModel)
    assert error.hint == (
        "On its machine, run: ollama pull llama3.2. "
        "Closest is llama3.2:3b. The server has: mistral:latest, llama3.2:3b."
    )


async def test_the_probe_finds_a_missing_model(talk: Talk) -> None:
    talk.llm.answers["/api/show"] = Failing(404, {"error": "model 'gone' not found"})
    async with talk.server(model="gone") as server:
        probe = await server.probe()
    assert (probe.state, probe.code) == ("down", "no_model")
    assert "ollama pull gone" in probe.hint
    assert "scripted" in probe.hint


async def test_a_full_queue_is_overloaded(talk: Talk) -> None:
    words = "server busy, please try again. maximum pending requests exceeded"
    talk.llm.next(fail(503, {"error": words}))
    async with talk.server() as server:
        assert isinstance((await listen(server)).error, Overloaded)


async def test_a_model_that_cannot_think_refuses_think_by_name(talk: Talk) -> None:
    talk.llm.next(fail(400, {"error": '"scripted" does not support thinking'}))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, BadParameter)
    assert error.parameter == "think"


async def test_what_a_model_cannot_do_is_left_out_from_then_on(talk: Talk) -> None:
    talk.llm.otherwise = frames(*VOICE.reply("Hello"))
    talk.llm.next(fail(400, {"error": '"scripted" does not support thinking'}))
    async with talk.server(sampler=Sampler(reasoningEffort="low", topK=3)) as server:
        heard = [await listen(server) for _ in range(2)]
    assert [one.text for one in heard] == ["Hello", "Hello"]
    assert ["think" in seen.body for seen in talk.llm.requests] == [True, False, False]
    assert talk.llm.requests[2].body["options"] == {"top_k": 3}


async def test_a_window_that_is_asked_for_is_bounded_by_the_models_own(talk: Talk) -> None:
    async with talk.server(sampler=Sampler(maxContextTokens=65536)) as server:
        assert (await server.probe()).window == ollama.WINDOW


async def test_without_one_the_window_is_what_the_model_was_loaded_with(talk: Talk) -> None:
    talk.llm.answers["/api/ps"] = {"models": [{"name": "scripted:latest", "context_length": 8192}]}
    async with talk.server() as server:
        assert (await server.probe()).window == 8192


async def test_a_model_that_is_not_loaded_has_no_window_yet(talk: Talk) -> None:
    async with talk.server() as server:
        assert (await server.probe()).window is None


def test_reasoning_comes_under_its_own_name() -> None:
    [piece] = dialect.decode(dialect.reader().feed(line(chunk(thinking="hm")))[0])
    assert (piece.text, piece.reasoning) == ("", "hm")
