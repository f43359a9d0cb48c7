from dataclasses import replace

import pytest

from roleplay.errors import (
    AllProfilesFailed,
    BackendError,
    BadParameter,
    CircuitOpen,
    Filtered,
    RoleForgeError,
    Unreachable,
)
from roleplay.waiting import Held, place, told, worth_waiting

ONE = Held(1, 9, None, 11, "main", since=100.0)
TWO = Held(2, 9, None, 12, "main", since=200.0)
OTHER = Held(3, 9, None, 13, "backup", since=50.0)


def test_the_place_counts_those_who_wait_longer_for_the_same_profile() -> None:
    line = [OTHER, ONE, TWO]
    assert [place(held, line) for held in line] == [1, 1, 2]
    assert place(replace(ONE, since=300.0), [OTHER, ONE, TWO]) == 2


def test_the_line_counts_the_messages() -> None:
    assert "This message waits, number 3 in line" in told(ONE, 3)
    assert "4 messages wait here" in told(replace(ONE, messages=4), 1)


@pytest.mark.parametrize(
    ("cause", "waits"),
    [
        (Unreachable("refused"), True),
        (CircuitOpen("skipped"), True),
        (Filtered("no"), False),
        (BadParameter("top_k"), False),
    ],
)
def test_only_what_time_may_mend_is_waited_for(cause: BackendError, *, waits: bool) -> None:
    assert worth_waiting(AllProfilesFailed("Nobody.", causes=[cause])) is waits


def test_what_no_server_is_to_blame_for_does_not_wait() -> None:
    assert not worth_waiting(RoleForgeError("Discord refuses."))
