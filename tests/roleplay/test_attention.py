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


def test_a_mention_or_a_reply_is_always_meant() -> None:
    assert wants_reply(replace(MESSAGE, mentions_bot=True), "mention", ())
    assert wants_reply(replace(MESSAGE, replies_to_bot=True), "mention", ())
