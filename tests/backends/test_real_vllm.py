"""A real vLLM, where one runs: `pytest -m vllm`, see docs/backends/vllm.md for how to start it."""

import asyncio
import os
from collections.abc import AsyncGenerator

import pytest
from fakes.listener import listen
from pydantic import SecretStr

from backends.auto import open_server
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import BadKey, ContextOverflow, NoSuchModel
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

pytestmark = pytest.mark.vllm

HELLO = ChatRequest((ChatMessage("user", "Say hello."),), max_tokens=12)


@pytest.fixture
def profile() -> ConnectionProfile:
    address = os.environ.get("ROLEFORGE_VLLM_URL", "http://127.0.0.1:8000/v1")
    key = os.environ.get("ROLEFORGE_VLLM_KEY", "")
    return ConnectionProfile(
        name="vllm", type="vllm", baseURL=address, apiKey=SecretStr(key) if key else None
    )


@pytest.fixture
async def vllm(profile: ConnectionProfile) -> AsyncGenerator[RemoteServer]:
    async with RemoteServer(profile, SystemClock()) as server:
        yield server


async def test_a_reply_comes_in_pieces_and_is_counted(vllm: RemoteServer) -> None:
    heard = await listen(vllm, HELLO)
    assert heard.error is None
    assert len([delta for delta in heard.deltas if delta.text]) > 1
    assert heard.finish in ("stop", "length")
    assert heard.usage is not None
    assert 0 < heard.usage.completion_tokens <= 12


async def test_two_are_answered_at_once(vllm: RemoteServer) -> None:
    both = await asyncio.gather(listen(vllm, HELLO), listen(vllm, HELLO))
    assert [heard.error for heard in both] == [None, None]


async def test_the_probe_finds_model_and_window(vllm: RemoteServer) -> None:
    found = await vllm.probe()
    assert found.state == "up"
    assert found.models
    assert found.window


async def test_tokens_are_counted_by_the_server(vllm: RemoteServer) -> None:
    assert vllm.tokenizer is not None
    short, long = await vllm.tokenizer.count(["Hello", "Hello there, how are you today?"])
    assert 0 < short < long


async def test_more_stops_than_it_takes_are_obeyed(profile: ConnectionProfile) -> None:
    stops = tuple(" ,.!?eaoitns")
    changed = profile.model_copy(update={"sampler": Sampler(stop=stops)})
    async with RemoteServer(changed, SystemClock()) as server:
        heard = await listen(server, HELLO)
    assert not any(stop in heard.text for stop in stops)


async def test_a_prompt_that_is_too_long_is_refused_with_its_window(vllm: RemoteServer) -> None:
    long = ChatRequest((ChatMessage("user", "word " * 9000),), max_tokens=12)
    heard = await listen(vllm, long)
    assert isinstance(heard.error, ContextOverflow)
    assert heard.error.window == (await vllm.probe()).window


async def test_a_model_that_is_not_there_is_told_with_those_that_are(
    profile: ConnectionProfile, vllm: RemoteServer
) -> None:
    changed = profile.model_copy(update={"model": "nobody"})
    async with RemoteServer(changed, SystemClock()) as server:
        heard = await listen(server, HELLO)
    assert isinstance(heard.error, NoSuchModel)
    assert (await vllm.models())[0] in heard.error.hint


async def test_a_wrong_key_is_told(profile: ConnectionProfile) -> None:
    if profile.api_key is None:
        pytest.skip("this vLLM was started without a key")
    changed = profile.model_copy(update={"api_key": SecretStr("wrong"), "model": "any"})
    async with RemoteServer(changed, SystemClock()) as server:
        heard = await listen(server, HELLO)
    assert isinstance(heard.error, BadKey)


async def test_the_type_auto_finds_it(profile: ConnectionProfile) -> None:
    async with open_server(profile.model_copy(update={"type": "auto"}), SystemClock()) as server:
        heard = await listen(server, HELLO)
        assert heard.error is None
        assert server.profile.type == "vllm"
