"""What every dialect must do when a server fails, each case seen at some real server."""

import asyncio

import pytest
from fakes.listener import listen
from fakes.llm import (
    Exchange,
    ScriptedLlm,
    Step,
    cut,
    fail,
    frames,
    garbage,
    html,
    rate_limit,
    raw,
    reply_json,
    reset,
)
from fakes.talk import KEY, Talk

from roleplay.errors import (
    BackendError,
    BadKey,
    BadParameter,
    BadResponse,
    ContextOverflow,
    EmptyReply,
    Loading,
    NoSuchModel,
    OutOfCredit,
    Overloaded,
    RateLimited,
    RequestTooBig,
    ServerFailed,
    StreamBroken,
    TimedOut,
    Unreachable,
)
from roleplay.sampler import Sampler


async def test_an_end_without_a_finish_is_a_failure_while_nothing_was_said(talk: Talk) -> None:
    talk.llm.next(frames(talk.voice.thought("hm")))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, ServerFailed)
    assert error.retryable


@pytest.mark.parametrize("reset_it", [False, True])
async def test_a_reply_that_is_cut_keeps_its_text(talk: Talk, *, reset_it: bool) -> None:
    async def step(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk(talk.voice.piece("Hello Us"))
        await asyncio.sleep(0.05)
        exchange.reset() if reset_it else await exchange.end_stream()

    talk.llm.next(step)
    async with talk.server(sampler=Sampler(stop=("User:",))) as server:
        heard = await listen(server)
    assert (heard.text, heard.finish) == ("Hello Us", "cut")
    assert isinstance(heard.error, StreamBroken)
    assert not heard.error.retryable


@pytest.mark.parametrize("marked", [False, True])
async def test_an_error_in_the_middle_breaks_the_stream(talk: Talk, *, marked: bool) -> None:
    voice = talk.voice
    pieces = [voice.piece(text) for text in ("a", "b", "c")]
    end = [voice.end] if marked and voice.end else []
    talk.llm.next(frames(*pieces, voice.error("the model has crashed"), *end))
    async with talk.server() as server:
        heard = await listen(server)
    assert heard.text == "abc"
    assert isinstance(heard.error, StreamBroken)
    assert "the model has crashed" in str(heard.error)


async def test_an_error_in_the_first_frame_is_no_broken_stream(talk: Talk) -> None:
    talk.llm.next(frames(talk.voice.error("the model has crashed")))
    async with talk.server() as server:
        assert isinstance((await listen(server)).error, ServerFailed)


@pytest.mark.parametrize("texts", [(), ("\n", "  ")])
async def test_a_reply_without_words_is_empty_and_shows_nothing(
    talk: Talk, texts: tuple[str, ...]
) -> None:
    talk.llm.next(frames(*talk.voice.reply(*texts)))
    async with talk.server() as server:
        heard = await listen(server)
    assert isinstance(heard.error, EmptyReply)
    assert heard.text == ""


async def test_a_reply_spent_on_thinking_says_so(talk: Talk) -> None:
    talk.llm.next(frames(talk.voice.thought("hm"), *talk.voice.reply(finish="length")))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, EmptyReply)
    assert "max_completion_tokens" in error.hint


REFUSALS: list[tuple[str, Step, type[BackendError]]] = [
    ("503", fail(503), Overloaded),
    ("500", fail(500), ServerFailed),
    ("529", fail(529, {"type": "error", "error": {"type": "overloaded_error"}}), Overloaded),
    ("408", fail(408), TimedOut),
    ("key", fail(401), BadKey),
    ("key, a text", fail(401, {"error": "Unauthorized"}), BadKey),
    ("key, nothing", fail(401, ""), BadKey),
    ("key, Google", fail(400, [{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}]), BadKey),
    ("rate", rate_limit("2"), RateLimited),
    ("quota", fail(429, code="insufficient_quota"), OutOfCredit),
    ("credit", fail(400, {"error": {"message": "Your credit balance is too low"}}), OutOfCredit),
    ("402", fail(402), OutOfCredit),
    ("tier", fail(413, code="rate_limit_exceeded"), RequestTooBig),
    ("no model", fail(404, code="model_not_found"), NoSuchModel),
    ("parameter", fail(400, code="unsupported_parameter"), BadParameter),
    ("detail", fail(422, {"detail": [{"loc": ["body", "top_k"], "msg": "extra"}]}), BadParameter),
    ("context", fail(400, code="context_length_exceeded"), ContextOverflow),
    ("loading", fail(503, {"error": {"message": "Loading model"}}), Loading),
    ("loading, old", fail(503, {"error": "x", "estimated_time": 20.0}), Loading),
    ("gone", fail(410), BadResponse),
    ("page", html(), BadResponse),
    ("page of a proxy", html(502), ServerFailed),
    ("wrong path", reply_json({"error": "Unexpected endpoint or method."}), BadResponse),
    ("error with 200", reply_json({"error": {"code": 502, "message": "upstream"}}), ServerFailed),
    ("no HTTP", garbage(), BadResponse),
    ("compressed", raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx"), BadResponse),
    ("no protocol", frames(b"data: nope\n\n"), BadResponse),
    ("no frames", frames(b"hello\n\n"), BadResponse),
    ("nothing", frames(), ServerFailed),
    ("endless event", frames(b"data: ", b"x" * (1 << 20), b"y"), BadResponse),
    ("lost", reset(), Unreachable),
    ("lost later", cut(reset=True), Unreachable),
]


@pytest.mark.parametrize(("step", "kind"), [c[1:] for c in REFUSALS], ids=[c[0] for c in REFUSALS])
async def test_a_failure_has_its_class_a_hint_and_no_key(
    talk: Talk, step: Step, kind: type[BackendError]
) -> None:
    talk.llm.next(step)
    async with talk.server() as server:
        error = (await listen(server)).error
    assert error is not None
    assert type(error) is kind
    assert str(error)
    assert error.hint
    assert error.profile == "ann"
    assert KEY not in f"{error} {error.hint}"
    assert len(talk.llm.requests) == 1


async def test_nobody_listening_is_unreachable(talk: Talk) -> None:
    await talk.llm.refuse()
    async with talk.server() as server:
        error = (await listen(server)).error
        probe = await server.probe()
    assert isinstance(error, Unreachable)
    assert str(talk.llm.port) in str(error)
    assert (probe.state, probe.code) == ("down", "unreachable")


async def test_a_redirect_is_not_followed(talk: Talk) -> None:
    async with ScriptedLlm() as elsewhere:
        talk.llm.next(fail(307, "", headers={"Location": elsewhere.url}))
        async with talk.server() as server:
            error = (await listen(server)).error
        assert elsewhere.connections == 0
    assert isinstance(error, BadResponse)
    assert elsewhere.url in error.hint


async def test_the_hint_for_a_missing_model_names_those_that_are_there(talk: Talk) -> None:
    talk.llm.models = ["other", "Scripted:latest"]
    talk.llm.next(fail(404, code="model_not_found"))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, NoSuchModel)
    assert "Closest is Scripted:latest. The server has: other, Scripted:latest." in error.hint


async def test_a_hint_needs_no_list_of_models(talk: Talk) -> None:
    talk.llm.sick(fail(500))
    talk.llm.next(fail(404, code="model_not_found"))
    async with talk.server() as server:
        error = (await listen(server)).error
    assert isinstance(error, NoSuchModel)
    assert error.hint
