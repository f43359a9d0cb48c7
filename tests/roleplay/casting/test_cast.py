import pytest

from roleplay.casting.cast import MOST_SEATS, Cast, Seat, moved, with_seat, without_seat
from roleplay.errors import CastError

CAST = Cast(1, 2, (Seat(10), Seat(20), Seat(30)))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (1, [30, 10, 20]),
        (2, [10, 30, 20]),
        (3, [10, 20, 30]),
        (99, [10, 20, 30]),
        (-4, [30, 10, 20]),
    ],
)
def test_a_character_moves_to_a_place(place: int, expected: list[int]) -> None:
    assert [seat.character_id for seat in moved(CAST, 30, place).seats] == expected


def test_nobody_is_there_twice() -> None:
    with pytest.raises(CastError, match="already"):
        with_seat(CAST, 20)


def test_who_is_not_there_cannot_go() -> None:
    with pytest.raises(CastError, match="not in this channel") as raised:
        without_seat(CAST, 99)
    assert "/cast list" in raised.value.hint


def test_a_full_channel_says_so() -> None:
    full = Cast(1, 2, tuple(Seat(number) for number in range(MOST_SEATS)))
    with pytest.raises(CastError, match="at most 20"):
        with_seat(full, 99)
