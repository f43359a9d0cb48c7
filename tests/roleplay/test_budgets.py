"""When a limit leaves room again, and whom it binds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.budgets import Charge, Limit, What, concerns, free_at
from roleplay.limit_words import span

PERSON = Charge(user_id=7, channel_id=70, guild_id=700)

TWO = Limit("user", "messages", 2, 60.0)


@pytest.mark.parametrize(
    ("spent", "need", "at"),
    [
        ([], 1, 100.0),
        ([(90.0, 1)], 1, 100.0),
        ([(50.0, 1), (90.0, 1)], 1, 110.0),
        ([(50.0, 1), (90.0, 1)], 2, 150.0),
        ([(50.0, 2), (90.0, 1)], 1, 110.0),
        ([], 3, math.inf),
        ([(500.0, 2)], 1, 560.0),  # the clock was set back since
    ],
)
def test_there_is_room_once_enough_has_left_the_window(
    spent: list[tuple[float, int]], need: int, at: float
) -> None:
    assert free_at(spent, need, TWO, 100.0) == at


@pytest.mark.parametrize(
    ("limit", "bound"),
    [
        (Limit("user", "messages", 1, 60), True),
        (Limit("user", "messages", 1, 60, "7"), True),
        (Limit("user", "messages", 1, 60, "8"), False),
        (Limit("channel", "messages", 1, 60, "70"), True),
        (Limit("server", "messages", 1, 60), True),
        (Limit("profile", "messages", 1, 60), False),
    ],
)
def test_a_limit_binds_each_of_its_kind_or_the_one_it_names(limit: Limit, *, bound: bool) -> None:
    assert concerns(limit, PERSON) is bound


@given(
    amounts=st.lists(st.tuples(st.floats(0, 60), st.integers(0, 50)), max_size=20).map(sorted),
    need=st.integers(0, 60),
    what=st.sampled_from(["messages", "tokens"]),
)
def test_at_the_told_time_there_is_room_and_not_before(
    amounts: list[tuple[float, int]], need: int, what: What
) -> None:
    limit = Limit("channel", what, 60, 60.0)
    now = 60.0
    at = free_at(amounts, need, limit, now)
    left = [each for each in amounts if each[0] + 60.0 > at]
    assert sum(amount for _, amount in left) + need <= 60
    before = [each for each in amounts if each[0] + 60.0 >= at]
    assert at == now or sum(amount for _, amount in before) + need > 60


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "1m"), (90, "90s"), (3600, "1h"), (86400, "1d"), (129600, "36h")]
)
def test_a_window_is_told_as_people_type_it(seconds: float, text: str) -> None:
    assert span(seconds) == text
