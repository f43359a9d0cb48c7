"""A parameter that a server refuses costs one more request, once."""

import logging
from typing import Any

import pytest
from fakes.listener import listen
from fakes.llm import ScriptedLlm, Step, fail, reply_json

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.errors import BadParameter
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

SAMPLER = Sampler(temperature=0.7, topK=40, max_completion_tokens=9)


def server_at(llm: ScriptedLlm, **settings: Any) -> RemoteServer:
    profile = ConnectionProfile(name="ann", baseURL=llm.url, model="m", sampler=SAMPLER)
    return RemoteServer(profile.model_copy(update=settings), SystemClock())


def named(text: str, param: str | None = None) -> Step:
    error = {"message": text, "type": "invalid_request_error", "param": param, "code": None}
    return fail(400, {"error": error})


REFUSALS = {
    "OpenAI, by param": named("Unsupported parameter", "top_k"),
    "OpenAI, by text": named("Unrecognized request argument supplied: top_k"),
    "vLLM, by text": named("top_k must be -1 (disable), or at least 1, got 0."),
    "Gemini": fail(
        400, [{"error": {"code": 400, "message": 'Unknown name "top_k": Cannot find field.'}}]
    ),
    "Mistral": fail(
        422,
        {
            "object": "error",
            "message": {"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs"}]},
        },
    ),
    "FastAPI": fail(422, {"detail": [{"loc": ["body", "top_k"], "msg": "less than 1"}]}),
    "TGI": fail(422, {"error": "Input validation error: `top_k` must be strictly positive"}),
    "LiteLLM": named("litellm.UnsupportedParamsError: x does not support parameters: ['top_k']"),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_exactly_two_requests_and_then_one(refusal: Step) -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(refusal)
        first = await listen(server)
        assert (first.text, len(llm.requests)) == ("Hello there.", 2)
        await listen(server)
    assert [("top_k" in seen.body) for seen in llm.requests] == [True, False, False]
    assert [seen.body["temperature"] for seen in llm.requests] == [0.7] * 3
    assert server.refused == {"top_k"}


async def test_it_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(named("no", "top_k"))
        with caplog.at_level(logging.WARNING):
            await listen(server)
            await listen(server)
    assert [record.getMessage() for record in caplog.records] == [
        "ann: m does not take top_k (HTTP 400: no); it is left out from now on"
    ]


async def test_a_limit_by_the_wrong_name_is_sent_by_the_other() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(named("Use 'max_completion_tokens' instead.", "max_tokens"))
        await listen(server)
    assert "max_tokens" not in llm.requests[1].body
    assert llm.requests[1].body["max_completion_tokens"] == 9


async def test_the_second_refusal_of_one_reply_is_told_and_remembered() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(named("no", "top_k"), named("no", "temperature"))
        error = (await listen(server)).error
        assert isinstance(error, BadParameter)
        assert (await listen(server)).error is None
    assert len(llm.requests) == 3
    assert not {"top_k", "temperature"} & llm.requests[2].body.keys()


@pytest.mark.parametrize("parameter", ["messages", "model", "never_sent", ""])
async def test_what_cannot_be_left_out_is_asked_once(parameter: str) -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(named("no", parameter))
        assert isinstance((await listen(server)).error, BadParameter)
    assert len(llm.requests) == 1


async def test_another_model_is_asked_with_everything() -> None:
    async with ScriptedLlm() as llm, server_at(llm, model="") as server:
        llm.models = ["first"]
        llm.next(named("no", "top_k"))
        await listen(server)
        llm.models = ["second"]
        llm.next(fail(404, code="model_not_found"))
        await listen(server)
    assert [(seen.body["model"], "top_k" in seen.body) for seen in llm.requests] == [
        ("first", True),
        ("first", False),
        ("first", False),
        ("second", True),
    ]


async def test_out_of_credit_is_asked_exactly_once() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(reply_json({"error": {"message": "x", "code": "insufficient_quota"}}, 429))
        await listen(server)
    assert len(llm.requests) == 1
