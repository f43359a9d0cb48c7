from dataclasses import replace

import pytest

from roleplay.attention import wants_reply
from roleplay.bindings import AnswerMode
from roleplay.transcript import IncomingMessage

MESSAGE = IncomingMessage(1, 2, 3, 4, "Ann", "hello there", 0.0)


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        ("all", "hello there", True),
        ("all", "  \n ", False),
        ("mention", "hello there", False),
        ("mention", "hello Mira!", True),
        ("mention", "hello MIRA", True),
        ("mention", "hello admiral", False),
        ("mention", "old friend, where are you", True),
    ],
)
def test_mode_and_wake_words(mode: AnswerMode, text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    message = replace(MESSAGE, text=text)
    assert wants_reply(message, mode, ("mira", "old friend")) is expected


def test_several_characters_are_called_by_any_word_of_their_names() -> None:
    names = [("Nova Stern", "Stella"), ("Rex",)]
    assert wants_reply(replace(MESSAGE, text="ah, Stern!"), "mention", (), names=names)
    assert not wants_reply(replace(MESSAGE, text="a novation"), "mention", (), names=names)


def test_in_manual_order_only_an_answer_to_a_character_is_meant() -> None:
    assert not wants_reply(replace(MESSAGE, mentions_bot=True), "all", (), "manual")
    assert wants_reply(replace(MESSAGE, addressed_character_id=0), "all", (), "manual")


def test_a_mention_or_a_reply_is_always_meant() -> None:
    assert wants_reply(replace(MESSAGE, mentions_bot=True), "mention", ())
    assert wants_reply(replace(MESSAGE, replies_to_bot=True), "mention", ())
