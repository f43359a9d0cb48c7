import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, cast

import pytest
from fakes.listener import listen
from fakes.voices import CHAT_COMPLETIONS
from pydantic import SecretStr

from backends.address import root_of
from backends.auto import open_server
from backends.dialect import Question, WireRequest
from backends.dialects.llamacpp import dialect
from backends.http import HttpClient
from backends.questions import ask
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import BadKey, ContextOverflow
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

PROPS = {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 2}

VOICE = replace(CHAT_COMPLETIONS, answers={"/props": PROPS})

STORY_TOKENS = 400
STORY = ChatRequest((ChatMessage("user", "Tell me a long story."),), max_tokens=STORY_TOKENS)
HELLO = ChatRequest((ChatMessage("user", "Say hello."),), max_tokens=12)


@pytest.fixture
async def llama(llama_server: ConnectionProfile) -> AsyncGenerator[RemoteServer]:
    async with RemoteServer(llama_server, SystemClock()) as server:
        yield server


async def slots(profile: ConnectionProfile) -> list[dict[str, Any]]:
    """Each slot's state; `n_prompt_tokens` grows with what is written in it."""
    request = WireRequest(root_of(profile.base_url) + "/slots")
    async with HttpClient(profile.base_url, dialect.headers(profile), connect=5) as client:
        return await ask(client, Question(request, lambda answer: cast("Any", answer)))


async def test_a_reply_comes_in_pieces_and_is_counted(llama: RemoteServer) -> None:
    heard = await listen(llama, HELLO)
    assert heard.error is None
    assert len([delta for delta in heard.deltas if delta.text]) > 1
    assert heard.finish in ("stop", "length")
    assert heard.usage is not None
    assert 0 < heard.usage.completion_tokens <= 12


async def test_leaving_a_reply_frees_its_slot(llama: RemoteServer) -> None:
    replies = [llama.stream(STORY, time.monotonic() + 60) for _ in range(2)]
    for reply in replies:
        await anext(reply)
    for reply in replies:
        await reply.aclose()
    seen = await slots(llama.profile)
    while any(slot["is_processing"] for slot in seen):
        seen = await slots(llama.profile)
    assert all(slot.get("n_prompt_tokens", 0) < STORY_TOKENS / 2 for slot in seen)


async def test_two_are_answered_at_once(llama: RemoteServer) -> None:
    heard = await asyncio.gather(listen(llama, HELLO), listen(llama, HELLO))
    assert [one.error for one in heard] == [None, None]


async def test_a_prompt_that_is_too_long_is_refused_with_numbers(llama: RemoteServer) -> None:
    long = ChatRequest((ChatMessage("user", "word " * 6000),))
    error = (await listen(llama, long)).error
    assert isinstance(error, ContextOverflow)
    assert error.prompt_tokens is not None
    assert error.prompt_tokens > 6000
    assert error.window is not None
    assert str(error.window) in error.hint


async def test_a_wrong_key_is_told_by_the_reply_and_by_the_probe(
    llama_server: ConnectionProfile,
) -> None:
    wrong = ConnectionProfile(
        type="llamacpp", baseURL=llama_server.base_url, apiKey=SecretStr("wrong")
    )
    async with RemoteServer(wrong, SystemClock()) as server:
        assert isinstance((await listen(server, HELLO)).error, BadKey)
        assert (await server.probe()).code == "bad_key"


async def test_the_probe_finds_model_and_window(llama: RemoteServer) -> None:
    probe = await llama.probe()
    assert (probe.state, probe.models) == ("up", (llama.profile.model,))
    assert probe.window is not None
    assert probe.window >= 4096


async def test_tokens_are_counted_by_the_server(llama: RemoteServer) -> None:
    assert llama.tokenizer is not None
    one, two, control = await llama.tokenizer.count(["hello", "hello hello", "<|im_end|>"])
    assert one < two
    assert control > 1


async def test_the_plain_openai_type_talks_to_it_as_well(llama_server: ConnectionProfile) -> None:
    plain = llama_server.model_copy(update={"type": "openai", "model": ""})
    async with RemoteServer(plain, SystemClock()) as server:
        heard = await listen(server, HELLO)
    assert heard.error is None
    assert heard.deltas[0].model == llama_server.model


async def test_the_type_auto_finds_it(llama_server: ConnectionProfile) -> None:
    async with open_server(llama_server.model_copy(update={"type": "auto"}), SystemClock()) as auto:
        assert (await auto.probe()).kind == "llamacpp"


async def test_stop_strings_of_any_number_end_the_reply(llama_server: ConnectionProfile) -> None:
    letters = tuple("etaoinshrdlu")
    profile = llama_server.model_copy(update={"sampler": Sampler(stop=letters)})
    async with RemoteServer(profile, SystemClock()) as server:
        heard = await listen(server, STORY)
    assert not set(heard.text) & set(letters)


def test_the_window_and_the_slots_are_read_from_its_properties() -> None:
    profile = ConnectionProfile(type="llamacpp", baseURL="http://127.0.0.1:1/v1")
    found = dialect.probe(profile)[0].read(PROPS)
    assert (found.window, found.slots) == (4096, 2)


def test_an_embedded_server_keeps_its_vocabulary_when_its_port_changes() -> None:
    one = ConnectionProfile(type="embedded", baseURL="http://127.0.0.1:1/v1", model="smollm2")
    two = ConnectionProfile(type="embedded", baseURL="http://127.0.0.1:2/v1", model="smollm2")
    assert dialect.vocabulary(one) == dialect.vocabulary(two)
