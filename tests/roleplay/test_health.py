from typing import Literal

import pytest

from roleplay.health import HealthState, Outcome, Thresholds, Transition, advance

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
