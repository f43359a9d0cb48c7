from dataclasses import replace
from typing import Literal

import pytest

from roleplay.health import DOUBT, HealthState, Outcome, Thresholds, Transition, advance, held

ROWS: list[tuple[str, str, list[Transition | None]]] = [
    ("three failures open", "fff", [None, None, "opened"]),
    ("a success between resets", "ffoff", [None] * 5),
    ("two successes close", "fffoo", [None, None, "opened", None, "closed"]),
    (
        "a failure between resets the successes",
        "fffofoo",
        [None, None, "opened", *[None] * 3, "closed"],
    ),
    ("starting is neither", "ffsf", [None, None, None, "opened"]),
    ("starting does not close", "fffso", [None, None, "opened", None, None]),
]


@pytest.mark.parametrize(("rule", "outcomes", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_thresholds(rule: str, outcomes: str, expected: list[Transition | None]) -> None:
    del rule
    results: dict[str, Literal["ok", "starting", "failed"]] = {
        "f": "failed",
        "o": "ok",
        "s": "starting",
    }
    state = HealthState("p")
    seen: list[Transition | None] = []
    for at, letter in enumerate(outcomes):
        state, transition = advance(state, Outcome(at, results[letter]), Thresholds())
        seen.append(transition)
    assert seen == expected


def opens_again(state: HealthState, at: float) -> HealthState:
    for second in range(3):
        state, _ = advance(state, Outcome(at + second, "failed"), Thresholds())
    return state


def closes_after(state: HealthState, at: float) -> int:
    """How many successes in a row it takes."""
    for count in range(1, 100):
        state, transition = advance(state, Outcome(at, "ok"), Thresholds())
        if transition == "closed":
            return count
    raise AssertionError("it never closes")


@pytest.mark.parametrize(
    ("outages", "successes"), [(1, 2), (2, 2), (3, 4), (4, 8), (5, 16), (9, 32)]
)
def test_a_profile_that_flaps_must_be_well_for_longer(outages: int, successes: int) -> None:
    state, at, needed = HealthState("p"), 1000.0, 0
    for _ in range(outages):
        state = opens_again(state, at)
        needed = closes_after(state, at + 2)
        state, at = replace(state, status="up"), at + 60
    assert needed == successes
    assert state.unstable(at) is (successes > 2)


def test_hours_later_it_is_as_good_as_any_other() -> None:
    state = HealthState("p", penalty=6.0, penalty_at=0.0)
    assert state.unstable(60.0)
    assert not state.unstable(4 * 3600.0)


def test_a_clock_that_jumps_back_neither_forgives_nor_blames() -> None:
    state = opens_again(HealthState("p", penalty=2.0, penalty_at=90_000.0), 1000.0)
    assert state.penalty == 3.0


def test_an_observation_during_maintenance_judges_nothing() -> None:
    state = HealthState("p", "up", failures=2)
    after = held(state, Outcome(50.0, "failed"))
    assert (after.status, after.failures, after.checked_at) == ("up", 0, 50.0)


def test_messages_that_fail_put_a_profile_in_doubt_until_a_model_answers() -> None:
    state, _ = advance(HealthState("p"), Outcome(10.0, "failed", source="traffic"), Thresholds())
    assert state.doubtful(20.0)
    free, _ = advance(state, Outcome(30.0, "ok"), Thresholds())
    assert free.doubtful(40.0)
    asked, _ = advance(state, Outcome(30.0, "ok", source="completion"), Thresholds())
    assert not asked.doubtful(40.0)
    assert not state.doubtful(10.0 + DOUBT)


def test_what_free_questions_see_too_is_no_doubt() -> None:
    state, _ = advance(HealthState("p"), Outcome(10.0, "failed", source="traffic"), Thresholds())
    state, _ = advance(state, Outcome(20.0, "failed"), Thresholds())
    assert not state.doubtful(30.0)
