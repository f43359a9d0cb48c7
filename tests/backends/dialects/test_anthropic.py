"""The fake is held to the protocol by Anthropic's own SDK; llama.cpp's server is real."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest
from anthropic import AsyncAnthropic
from fakes import anthropic
from fakes.anthropic import block, block_stop, delta, end, event, start, stop
from fakes.listener import listen
from fakes.llm import ScriptedLlm, fail, frames
from fakes.talk import KEY, Talk
from pydantic import SecretStr

from backends.address import root_of
from backends.dialects.anthropic import dialect
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import (
    BadKey,
    BadParameter,
    ContextOverflow,
    Filtered,
    NoSuchModel,
    OutOfCredit,
    Overloaded,
)
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

VOICE = anthropic.VOICE

SONNET = "claude-sonnet-4-5-20250929"

HELLO = ChatRequest((ChatMessage("system", "You are Ann."), ChatMessage("user", "Hi")))


@pytest.fixture
async def talk() -> AsyncGenerator[Talk]:
    async with ScriptedLlm() as llm:
        llm.answers |= VOICE.answers
        llm.otherwise = frames(*VOICE.reply("Hel", "lo"))
        yield Talk(llm, VOICE, "anthropic")


def body(model: str, sampler: Sampler, request: ChatRequest = HELLO) -> Mapping[str, Any]:
    profile = ConnectionProfile(
        type="anthropic", baseURL="https://api.anthropic.com/v1", model=model, sampler=sampler
    )
    return dialect.encode(request, profile).body or {}


def test_the_system_text_stands_apart_and_a_limit_is_always_sent() -> None:
    assert body(SONNET, Sampler()) == {
        "model": SONNET,
        "max_tokens": 400,
        "stream": True,
        "system": [{"type": "text", "text": "You are Ann."}],
        "messages": [{"role": "user", "content": "Hi"}],
    }


ALL = Sampler(temperature=1.4, topP=0.9, topK=40, minP=0.1, max_completion_tokens=900)


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("claude-3-5-sonnet-20241022", {"temperature": 1.0, "top_p": 0.9, "top_k": 40}),
        ("claude-sonnet-4-20250514", {"temperature": 1.0, "top_p": 0.9, "top_k": 40}),
        ("claude-opus-4-1-20250805", {"temperature": 1.0, "top_k": 40}),
        ("claude-sonnet-4-6", {"temperature": 1.0, "top_k": 40}),
        ("claude-opus-4-7", {}),
        ("claude-sonnet-5", {}),
        ("smollm2", {"temperature": 1.4, "top_p": 0.9, "top_k": 40}),
    ],
)
def test_each_generation_gets_the_samplers_it_takes(model: str, sent: dict[str, float]) -> None:
    wire = body(model, ALL)
    samplers = {key: wire[key] for key in ("temperature", "top_p", "top_k", "min_p") if key in wire}
    assert samplers == sent
    assert wire["max_tokens"] == 900


def test_top_p_alone_is_taken_where_only_one_may_be() -> None:
    assert body(SONNET, Sampler(topP=0.9))["top_p"] == 0.9


def test_blank_stops_are_not_sent() -> None:
    assert body(SONNET, Sampler(stop=("\n\n", "User:")))["stop_sequences"] == ["User:"]
    assert "stop_sequences" not in body(SONNET, Sampler(stop=("\n",)))


PREFILLED = ChatRequest((ChatMessage("user", "Hi"), ChatMessage("assistant", "Well, ")))


def test_an_old_model_goes_on_with_its_own_words() -> None:
    assert body(SONNET, Sampler(), PREFILLED)["messages"][-1] == {
        "role": "assistant",
        "content": "Well,",
    }


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-opus-5"])
def test_a_new_model_is_asked_to_go_on(model: str) -> None:
    assert body(model, Sampler(), PREFILLED)["messages"][-1]["role"] == "user"


def test_a_long_system_text_is_kept_in_the_cache() -> None:
    long = ChatRequest((ChatMessage("system", "a" * 5000), ChatMessage("user", "Hi")))
    assert body(SONNET, Sampler(), long)["system"][0]["cache_control"] == {"type": "ephemeral"}


def test_the_address_may_be_given_without_v1() -> None:
    profile = ConnectionProfile(type="anthropic", baseURL="http://x:1", model="m")
    assert dialect.encode(HELLO, profile).url == "http://x:1/v1/messages"


def test_the_key_and_the_version_are_headers() -> None:
    profile = ConnectionProfile(type="anthropic", apiKey=SecretStr(KEY))
    assert dialect.headers(profile) == {"anthropic-version": "2023-06-01", "x-api-key": KEY}


async def test_a_whole_sequence_of_events_is_one_reply(talk: Talk) -> None:
    usage = {"input_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 5}
    talk.llm.next(
        frames(
            start(usage={**usage, "output_tokens": 1}),
            event("ping"),
            block(type="thinking", thinking="", signature=""),
            delta("thinking_delta", thinking="hm"),
            delta("signature_delta", signature="abc"),
            block_stop(),
            event("something_new", value=1),
            block(type="text", text=""),
            delta("text_delta", text="Hello"),
            block_stop(),
            end("end_turn", output_tokens=12),
            stop(),
        )
    )
    async with talk.server() as server:
        heard = await listen(server)
    assert (heard.text, heard.reasoning, heard.finish) == ("Hello", "hm", "stop")
    assert heard.usage is not None
    assert (heard.usage.prompt_tokens, heard.usage.completion_tokens) == (100, 12)
    assert heard.usage.cached_tokens == 90


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("pause_turn", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
    ],
)
async def test_every_stop_reason_ends_a_reply(talk: Talk, reason: str, finish: str) -> None:
    talk.llm.next(frames(start(), delta("text_delta", text="Hi"), end(reason), stop()))
    async with talk.server() as server:
        assert (await listen(server)).finish == finish


async def test_a_refusal_is_filtered(talk: Talk) -> None:
    talk.llm.next(frames(start(), end("refusal"), stop()))
    async with talk.server() as server:
        assert isinstance((await listen(server)).error, Filtered)


async def test_forced_json_is_a_tool_whose_input_is_the_reply(talk: Talk) -> None:
    talk.llm.next(
        frames(
            start(),
            block(type="tool_use", id="toolu_1", name="reply", input={}),
            delta("input_json_delta", partial_json='{"mood": '),
            delta("input_json_delta", partial_json='"calm"}'),
            block_stop(),
            end("tool_use"),
            stop(),
        )
    )
    async with talk.server(model=SONNET, sampler=Sampler(forceJson=True)) as server:
        heard = await listen(server)
    assert json.loads(heard.text) == {"mood": "calm"}
    sent = talk.llm.requests[0].body
    assert sent["tool_choice"] == {"type": "tool", "name": "reply"}
    assert [tool["name"] for tool in sent["tools"]] == ["reply"]


def test_another_model_is_asked_for_json_in_words() -> None:
    wire = body("smollm2", Sampler(forceJson=True))
    assert "JSON object" in wire["system"][0]["text"]
    assert not {"tools", "tool_choice"} & wire.keys()


def test_a_tool_that_comes_whole_is_json_as_well() -> None:
    tool = {"type": "tool_use", "id": "t", "name": "reply", "input": {"mood": "calm"}}
    reply = anthropic.message(content=[tool], stop_reason="tool_use")
    assert json.loads(dialect.decode_whole(json.dumps(reply))[0].text) == {"mood": "calm"}


ERRORS = [
    (400, "invalid_request_error", "Your credit balance is too low to access the API", OutOfCredit),
    (401, "authentication_error", "invalid x-api-key", BadKey),
    (402, "billing_error", "billing", OutOfCredit),
    (404, "not_found_error", "model: scripted", NoSuchModel),
    (529, "overloaded_error", "Overloaded", Overloaded),
]


@pytest.mark.parametrize(("status", "kind", "text", "error"), ERRORS, ids=str)
async def test_its_errors_are_known(
    talk: Talk, status: int, kind: str, text: str, error: type[Exception]
) -> None:
    talk.llm.next(fail(status, anthropic.error(kind, text)))
    async with talk.server() as server:
        assert type((await listen(server)).error) is error


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("prompt is too long: 210000 tokens > 200000 maximum", (210000, 200000)),
        (
            "input length and `max_tokens` exceed context limit: 197000 + 8000 > 200000",
            (197000, 200000),
        ),
    ],
)
async def test_too_long_a_prompt_is_told_with_its_numbers(
    talk: Talk, text: str, numbers: tuple[int, int]
) -> None:
    talk.llm.next(fail(400, anthropic.error("invalid_request_error", text)))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, ContextOverflow)
    assert (error.prompt_tokens, error.window) == numbers


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("`temperature` is deprecated for this model.", "temperature"),
        ("`temperature` and `top_p` cannot both be specified for this model.", "top_p"),
    ],
)
async def test_a_refused_sampler_is_known_by_name(talk: Talk, text: str, parameter: str) -> None:
    talk.llm.next(fail(400, anthropic.error("invalid_request_error", text)))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, BadParameter)
    assert error.parameter == parameter


async def test_a_refused_sampler_is_left_out_from_then_on(talk: Talk) -> None:
    text = "`temperature` is deprecated for this model."
    talk.llm.next(fail(400, anthropic.error("invalid_request_error", text)))
    async with talk.server(sampler=Sampler(temperature=0.5, topK=3)) as server:
        heard = [await listen(server) for _ in range(2)]
    assert [one.text for one in heard] == ["Hello", "Hello"]
    samplers = [seen.body.keys() & {"temperature", "top_k"} for seen in talk.llm.requests]
    assert samplers == [{"temperature", "top_k"}, {"top_k"}, {"top_k"}]


async def test_an_overload_in_the_stream_is_one(talk: Talk) -> None:
    overload = {"type": "overloaded_error", "message": "Overloaded"}
    talk.llm.next(frames(start(), event("error", error=overload)))
    async with talk.server() as server:
        assert isinstance((await listen(server)).error, Overloaded)


async def test_the_probe_finds_models_and_window(talk: Talk) -> None:
    async with talk.server() as server:
        probe = await server.probe()
    assert (probe.state, probe.models, probe.window) == ("up", ("scripted",), anthropic.WINDOW)


def test_a_model_that_was_retired_is_not_offered() -> None:
    listed = anthropic.model_list(["old", SONNET])
    listed["data"][0]["lifecycle"] = "retired"
    cloud = ConnectionProfile(type="anthropic", baseURL=dialect.base_url, model=SONNET)
    (question,) = dialect.probe(cloud)
    assert question.read(listed).models == (SONNET,)


async def test_tokens_are_counted_by_the_server(talk: Talk) -> None:
    async with talk.server() as server:
        assert server.tokenizer is not None
        assert await server.tokenizer.count(["Hello"]) == [5]
    assert talk.llm.asides[0].body == {
        "model": "scripted",
        "messages": [{"role": "user", "content": "Hello"}],
    }


async def test_the_official_sdk_understands_our_fake(talk: Talk) -> None:
    messages: Any = [{"role": "user", "content": "Hi"}]
    async with AsyncAnthropic(api_key=KEY, base_url=root_of(talk.llm.url), max_retries=0) as client:
        async with client.messages.stream(
            model="scripted", max_tokens=50, messages=messages
        ) as stream:
            text = "".join([piece async for piece in stream.text_stream])
            final = await stream.get_final_message()
        listed = await client.models.list()
        counted = await client.messages.count_tokens(model="scripted", messages=messages)
    assert (text, final.stop_reason) == ("Hello", "end_turn")
    assert (final.usage.input_tokens, final.usage.output_tokens) == (7, 3)
    assert [model.id for model in listed.data] == ["scripted"]
    assert counted.input_tokens == 5


async def test_our_request_is_one_that_the_official_sdk_would_send(talk: Talk) -> None:
    async with AsyncAnthropic(api_key=KEY, base_url=root_of(talk.llm.url), max_retries=0) as client:
        theirs = await client.messages.create(
            model="scripted",
            max_tokens=400,
            messages=[{"role": "user", "content": "Ann: Hello"}],
            stream=True,
        )
        assert [each.type async for each in theirs][-1] == "message_stop"
    async with talk.server() as server:
        await listen(server)
    sdk, ours = talk.llm.requests
    assert ours.path == sdk.path
    assert ours.body == sdk.body


@pytest.fixture
async def llama(llama_server: ConnectionProfile) -> AsyncGenerator[RemoteServer]:
    profile = llama_server.model_copy(update={"type": "anthropic"})
    async with RemoteServer(profile, SystemClock()) as server:
        yield server


SHORT = ChatRequest(HELLO.messages, max_tokens=12)


async def test_llama_cpp_speaks_it_as_well(llama: RemoteServer) -> None:
    heard = await listen(llama, SHORT)
    assert heard.error is None
    assert heard.text
    assert heard.finish in ("stop", "length")
    assert heard.usage is not None
    assert heard.usage.prompt_tokens > 5
    assert 0 < heard.usage.completion_tokens <= 12


async def test_llama_cpp_is_probed_and_counts(llama: RemoteServer) -> None:
    probe = await llama.probe()
    assert (probe.state, probe.models) == ("up", (llama.profile.model,))
    assert probe.window is not None
    assert probe.window >= 4096
    assert llama.tokenizer is not None
    short, long = await llama.tokenizer.count(["Hi", "Hi there, all of you"])
    assert 0 < short < long


async def test_llama_cpp_stops_where_it_is_told(llama_server: ConnectionProfile) -> None:
    sampler = Sampler(stop=tuple("aeiou"), temperature=0)
    profile = llama_server.model_copy(update={"type": "anthropic", "sampler": sampler})
    async with RemoteServer(profile, SystemClock()) as server:
        heard = await listen(server, SHORT)
    assert not set(heard.text) & set("aeiou")
