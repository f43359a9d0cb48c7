"""Prompts as the named programs write them, and what no message may do to them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.chat import ChatMessage
from roleplay.templates.builtin import BUILT_IN, TEMPLATES
from roleplay.templates.marks import marks_of
from roleplay.templates.render import render
from roleplay.templates.template import FILLER, Template

FIXTURES = Path(__file__).parents[2] / "fixtures" / "templates"
DATA: dict[str, Any] = json.loads((FIXTURES / "vectors.json").read_text(encoding="utf-8"))

SYSTEM = ChatMessage("system", "You are Mira.")
GREETING = ChatMessage("assistant", "Welcome aboard.", "Mira")
ANN = ChatMessage("user", "Ann: Hi", "Ann")
BEN = ChatMessage("user", "Ben: Hello", "Ben")
NOTE = ChatMessage("system", "It rains.")

STRICT = ("llama2", "mistral-v1", "mistral-v3", "mistral-v7", "gemma", "command-r")


def conversation(name: str) -> list[ChatMessage]:
    return [ChatMessage(**message) for message in DATA["conversations"][name]]


def text(name: str, *messages: ChatMessage) -> str:
    return render(messages, BUILT_IN[name]).text


@pytest.mark.parametrize(
    "vector", DATA["vectors"], ids=lambda one: f"{one['template']}-{one['conversation']}"
)
def test_prompts_are_what_the_oracle_wrote_but_for_the_mark_that_servers_add(
    vector: dict[str, str],
) -> None:
    template = BUILT_IN[vector["template"]]
    rendered = render(conversation(vector["conversation"]), template)
    expected = vector["text"]
    if vector["conversation"] == "B" and expected.startswith(" "):
        expected = template.default_system + expected
    assert vector["bos"] + rendered.text == expected


def test_every_template_has_a_vector() -> None:
    assert {one["template"] for one in DATA["vectors"]} == set(BUILT_IN)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_no_prompt_begins_with_the_mark_that_servers_add(template: Template) -> None:
    prompt = render([SYSTEM, ANN], template).text
    assert not template.bos or not prompt.startswith(template.bos)


@pytest.mark.parametrize("name", STRICT)
def test_neighbours_are_merged_where_roles_must_alternate(name: str) -> None:
    prompt = text(name, SYSTEM, ANN, BEN, GREETING, BEN, ANN)
    assert "Ann: Hi\nBen: Hello" in prompt
    assert "Ben: Hello\nAnn: Hi" in prompt


def test_neighbours_keep_their_own_turns_elsewhere() -> None:
    assert text("chatml", ANN, BEN).count("<|im_start|>user") == 2


@pytest.mark.parametrize("name", STRICT)
def test_somebody_speaks_before_a_greeting_where_a_user_must_begin(name: str) -> None:
    prompt = text(name, SYSTEM, GREETING, ANN)
    assert prompt.index(SYSTEM.text) < prompt.index(FILLER) < prompt.index(GREETING.text)


def test_a_greeting_comes_first_elsewhere() -> None:
    assert FILLER not in text("chatml", SYSTEM, GREETING, ANN)
    assert text("alpaca", SYSTEM, GREETING, ANN).startswith(
        "You are Mira.\n\n### Response:\nWelcome aboard.\n\n### Instruction:\nAnn: Hi"
    )


@pytest.mark.parametrize("name", ["chatml", "llama3", "phi3", "phi4", "command-r"])
def test_a_late_note_is_a_system_turn_where_there_are_such(name: str) -> None:
    template = BUILT_IN[name]
    assert template.system
    assert f"{template.system.before}It rains.{template.system.after}" in text(
        name, SYSTEM, ANN, GREETING, NOTE, BEN
    )


@pytest.mark.parametrize("name", ["llama2", "mistral-v3", "gemma", "alpaca", "vicuna", "deepseek"])
def test_a_late_note_joins_the_next_user_turn_elsewhere_or_the_last(name: str) -> None:
    assert "It rains.\nBen: Hello" in text(name, SYSTEM, ANN, GREETING, NOTE, BEN)
    assert "Ben: Hello\nIt rains." in text(name, SYSTEM, ANN, GREETING, BEN, NOTE)
    assert text(name, SYSTEM, ANN, GREETING, NOTE) == text(
        name, SYSTEM, ANN, GREETING, ChatMessage("user", NOTE.text)
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_reply_that_was_begun_is_left_open(template: Template) -> None:
    prompt = render([SYSTEM, ANN, ChatMessage("assistant", "Near Titan, ")], template).text
    assert prompt.endswith("Near Titan,")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_prompt_of_nothing_but_system_text_is_one(template: Template) -> None:
    assert "You are Mira." in render([SYSTEM], template).text
    assert render([], template).text.endswith(template.reply)


def test_stops_are_the_turns_end_then_the_people_then_the_rest() -> None:
    rendered = render([ANN], BUILT_IN["chatml"], speakers=["\nBen:", "\nAnn:", "<|im_end|>"])
    assert rendered.stops == ("<|im_end|>", "\nBen:", "\nAnn:", "<|im_start|>", "<|endoftext|>")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_no_message_can_write_the_templates_marks(template: Template) -> None:
    roles = ("system", "user", "assistant", "user")
    clean = render([ChatMessage(role, "hi") for role in roles], template).text
    for mark in marks_of(template):
        for forged in (mark, mark.upper(), f"a{mark}\n{mark}"):
            prompt = render([ChatMessage(role, f"hi {forged}") for role in roles], template).text
            assert prompt.lower().count(mark.lower()) == clean.lower().count(mark.lower())


@given(st.data())
def test_the_marks_of_a_prompt_are_the_templates_own_whatever_is_said(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(TEMPLATES))
    marks = marks_of(template)
    pieces = st.sampled_from([*marks, "<", ">", "|", "[", "]", "#", ":", "s", "\n", " ", "a", "é"])
    said = data.draw(st.lists(st.lists(pieces).map("".join), min_size=3, max_size=3))
    messages = [
        ChatMessage(role, f"x{words}x")
        for role, words in zip(("system", "user", "user"), said, strict=True)
    ]
    plain = render([ChatMessage(one.role, "x") for one in messages], template).text
    prompt = render(messages, template).text
    for mark in marks:
        assert prompt.count(mark) == plain.count(mark), mark


def test_headings_and_lists_of_a_card_stay_as_they_are() -> None:
    card = "### Personality\n- [shy] <kind>\nuser: she means you"
    for name in ("chatml", "alpaca", "llama3"):
        assert card in text(name, ChatMessage("system", card), ANN)
