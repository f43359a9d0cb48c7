import pytest

from roleplay.swipes import NEW, after_dropping, to_the_left, to_the_right
from roleplay.transcript import StoredReply, TurnKind


def reply(number: int, count: int, kind: TurnKind = "reply") -> StoredReply:
    return StoredReply(1, 1, 7, kind, 0, "Mira", "text", number, count, is_last=True)


@pytest.mark.parametrize(("number", "left"), [(0, None), (1, 0), (2, 1)])
def test_left_stops_at_the_first(number: int, left: int | None) -> None:
    assert to_the_left(reply(number, 3)) == left


@pytest.mark.parametrize(
    ("number", "count", "right"), [(0, 3, 1), (1, 3, 2), (2, 3, NEW), (0, 1, NEW)]
)
def test_right_past_the_end_is_new(number: int, count: int, right: int | str) -> None:
    assert to_the_right(reply(number, count)) == right


@pytest.mark.parametrize(("number", "count", "right"), [(0, 3, 1), (2, 3, 0), (0, 1, None)])
def test_a_greeting_comes_round_and_is_never_written(
    number: int, count: int, right: int | None
) -> None:
    assert to_the_right(reply(number, count, "greeting")) == right


@pytest.mark.parametrize(
    ("number", "count", "shown"), [(0, 3, 1), (1, 3, 0), (2, 3, 1), (0, 2, 1), (0, 1, None)]
)
def test_dropping_shows_the_one_before(number: int, count: int, shown: int | None) -> None:
    assert after_dropping(reply(number, count)) == shown
