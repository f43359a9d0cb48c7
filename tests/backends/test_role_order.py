"""A template that refuses an order of roles costs one more request, once."""

from typing import Any

import pytest
from fakes.llm import ScriptedLlm, Step, fail

from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import ChatMessage, ChatRequest
from roleplay.closing import closing
from roleplay.errors import BackendError
from roleplay.profiles import ConnectionProfile

SCENE = ChatRequest(
    (
        ChatMessage("system", "You are Mira."),
        ChatMessage("assistant", "Welcome."),
        ChatMessage("user", "Ann: Hello."),
        ChatMessage("user", "Ben: Hi."),
        ChatMessage("system", "Be brief."),
    )
)

STRICT = [
    {"role": "system", "content": "You are Mira."},
    {"role": "user", "content": "[The scene begins.]"},
    {"role": "assistant", "content": "Welcome."},
    {"role": "user", "content": "Ann: Hello.\n\nBen: Hi.\n\n[Be brief.]"},
]


def refused(text: str, status: int = 400) -> Step:
    return fail(status, {"error": {"code": status, "message": text, "type": "server_error"}})


REFUSALS = {
    "llama.cpp": refused(
        "Conversation roles must alternate user/assistant/user/assistant/... at row 12", 500
    ),
    "vLLM": refused(
        "After the optional system message, conversation roles must alternate user and assistant"
    ),
    "Qwen": refused("System message must be at the beginning.", 500),
    "Mistral": refused(
        "Expected last role User or Tool (or Assistant with prefix True) but got system"
    ),
}


def server_at(llm: ScriptedLlm) -> RemoteServer:
    profile = ConnectionProfile(name="ann", baseURL=llm.url, model="m")
    return RemoteServer(profile, SystemClock())


async def ask(server: RemoteServer, request: ChatRequest = SCENE) -> str:
    deadline = SystemClock().monotonic() + 20
    async with closing(server.stream(request, deadline)) as deltas:
        return "".join([delta.text async for delta in deltas])


def sent(llm: ScriptedLlm) -> list[Any]:
    return [seen.body["messages"] for seen in llm.requests]


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_turns_alternate_after_one_refusal(refusal: Step) -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(refusal)
        assert await ask(server) == "Hello there."
        await ask(server)
    free, *strict = sent(llm)
    assert [message["role"] for message in free] == [
        *("system", "assistant", "user", "user", "system")
    ]
    assert strict == [STRICT, STRICT]


async def test_what_takes_no_system_text_gets_it_from_the_user() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(refused("System role not supported"))
        await ask(server)
    assert sent(llm)[1] == [
        {"role": "user", "content": "You are Mira.\n\n[The scene begins.]"},
        *STRICT[2:],
    ]


async def test_a_preview_shows_the_order_that_was_learned() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(REFUSALS["Qwen"])
        await ask(server)
        assert server.preview(SCENE).body["messages"] == STRICT


async def test_a_server_that_refuses_that_too_is_asked_twice_and_told_of() -> None:
    async with ScriptedLlm() as llm, server_at(llm) as server:
        llm.next(REFUSALS["Qwen"], REFUSALS["Qwen"])
        with pytest.raises(BackendError):
            await ask(server)
    assert len(llm.requests) == 2
