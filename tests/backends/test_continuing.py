"""Going on with a reply: what is asked of each kind of server, and what counts as new."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from fakes.listener import listen
from fakes.llm import frames
from fakes.talk import Talk

from backends.continuing import NUDGE, Prefill, rest_of
from backends.dialects import dialect_for, every
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.chat import ChatMessage, ChatRequest, Delta
from roleplay.profiles import ConnectionProfile

BEGUN = "The door creaks. She"
ASKED = ChatRequest(
    (ChatMessage("user", "Ann: Go on."), ChatMessage("assistant", BEGUN)), continues=True
)
GO_ON = {
    "anthropic": True,
    "llamacpp": True,
    "mistral": True,
    "ollama": True,
    "textgen": True,
    "vllm": True,
}
"""The kinds of servers that go on with a last message by the assistant."""


async def rest(begun: str, pieces: Sequence[str], prefill: Prefill | None) -> str:
    async def stream() -> AsyncIterator[Delta]:
        for piece in pieces:
            yield Delta(piece)
        yield Delta(finish_reason="stop")

    return "".join([delta.text async for delta in rest_of(begun, stream(), prefill)])


@pytest.mark.parametrize(
    ("begun", "pieces", "new"),
    [
        ("The door creaks.", ["The do", "or creaks.", " It opens."], " It opens."),
        ("The door creaks.", [" It opens."], " It opens."),
        ("The door creaks.", ["The d", "og barks."], " The dog barks."),
        ("The door creaks.", ["It opens."], " It opens."),
        ("walk", ["ed home"], "ed home"),
        ("Ha", ["Ha", ", ha!"], ", ha!"),
        ("One.", ["\n\nTwo."], "\n\nTwo."),
        ("The door creaks.", ["The door cr"], ""),
    ],
)
async def test_a_server_that_repeats_is_heard_from_where_it_goes_on(
    begun: str, pieces: list[str], new: str
) -> None:
    assert await rest(begun, pieces, Prefill(repeats=True)) == new


@pytest.mark.parametrize(
    ("begun", "pieces", "new"),
    [
        ("The door", ["opens."], " opens."),
        ("The door", [", old", " as it is"], ", old as it is"),
        ("The door creaks.", ["The door creaks. ", "It opens."], " It opens."),
        ("Ha", ["Ha, ha!"], " Ha, ha!"),
        ("A line\n", ["and more"], "and more"),
    ],
)
async def test_a_model_that_is_asked_in_words_begins_with_a_word(
    begun: str, pieces: list[str], new: str
) -> None:
    assert await rest(begun, pieces, None) == new


async def test_a_server_that_goes_on_may_say_the_same_again() -> None:
    assert await rest("Knock.", ["Knock."], Prefill()) == " Knock."


def asked_of(kind: str) -> dict[str, Any]:
    """The body of a request that goes on, as `RemoteServer` would send it."""
    profile = ConnectionProfile(type=kind, baseURL="http://x/v1", model="m")
    return dict(dialect_for(profile).encode(ASKED, profile).body or {})


def test_every_kind_of_server_is_known_to_go_on_or_not_to() -> None:
    asked = {name: ConnectionProfile(type=name, model="m") for name in every()}
    able = {name for name, each in asked.items() if dialect_for(each).prefill(each)}
    assert able == GO_ON.keys()


def test_servers_are_told_in_their_own_way() -> None:
    assert asked_of("mistral")["messages"][-1] == {
        "role": "assistant",
        "content": BEGUN,
        "prefix": True,
    }
    vllm = asked_of("vllm")
    assert (vllm["continue_final_message"], vllm["add_generation_prompt"]) == (True, False)
    assert asked_of("textgen")["continue_"] is True
    assert asked_of("ollama")["messages"][-1] == {"role": "assistant", "content": BEGUN}


@pytest.mark.parametrize(
    ("model", "able"), [("claude-sonnet-4-5", True), ("claude-opus-4-6", False)]
)
def test_newer_claude_is_asked_in_words(model: str, able: bool) -> None:  # noqa: FBT001 - a case
    profile = ConnectionProfile(type="anthropic", model=model)
    assert (dialect_for(profile).prefill(profile) is not None) == able


async def test_what_is_new_joins_what_was_begun(talk: Talk) -> None:
    talk.llm.next(frames(*talk.voice.reply(f"{BEGUN} steps", " in.")))
    async with talk.server() as server:
        heard = await listen(server, ASKED)
    assert BEGUN + heard.text == f"{BEGUN} steps in."
    said = str(talk.llm.requests[0].body)
    assert (NUDGE in said) == (talk.dialect not in GO_ON)
    assert BEGUN in said


async def test_in_mode_text_the_prompt_ends_where_the_reply_stops(talk: Talk) -> None:
    if talk.dialect not in ("llamacpp", "vllm", "textgen", "tabbyapi", "openrouter"):
        return
    talk.llm.next(frames(*talk.voice.reply(" steps in.")))
    async with talk.server(mode="text", template="chatml") as server:
        heard = await listen(server, ASKED)
    assert heard.text == " steps in."
    assert str(talk.llm.requests[0].body["prompt"]).endswith(BEGUN)


async def test_a_real_server_goes_on(llama_server: ConnectionProfile) -> None:
    begun = "The three primary colours are red, yellow and"
    request = ChatRequest(
        (ChatMessage("user", "Name the primary colours."), ChatMessage("assistant", begun)),
        max_tokens=8,
        continues=True,
    )
    async with RemoteServer(llama_server, SystemClock()) as server:
        heard = await listen(server, request)
    assert heard.text.strip()
    assert "The three primary" not in heard.text
