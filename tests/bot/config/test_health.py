import json
from pathlib import Path
from typing import Any

import pytest

from bot.config.load import load
from roleplay.errors import ConfigError
from roleplay.ladder import CompletionRule


def written(folder: Path, **health: Any) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps({"profiles": {"a": {}}, "health": health}), encoding="utf-8")
    return path


def test_windows_are_read(tmp_path: Path) -> None:
    nightly = {"cron": "0 4 * * *", "zone": "Europe/Berlin", "duration": "1h30m"}
    once = {"start": "2027-01-31T04:00", "profiles": ["a"], "reason": "new disk"}
    health = load(written(tmp_path, maintenance=[nightly, once]), {}).config.health
    first, second = health.windows
    assert (first.cron, first.zone, first.seconds) == ("0 4 * * *", "Europe/Berlin", 5400.0)
    assert (second.start, second.seconds, second.profiles) == (1801368000.0, 3600.0, ("a",))


def test_checks_of_whole_answers_are_off_by_schedule_and_on_by_suspicion(tmp_path: Path) -> None:
    assert load(written(tmp_path), {}).config.health.completion.rule == CompletionRule()


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"reminder": 60}, "health.reminder", "300 seconds"),
    ({"webhook": "example.org/x"}, "health.webhook", "https://"),
    ({"connectivity": ["1.1.1.1"]}, "health.connectivity[0]", "a port"),
    ({"maintenance": [{}]}, "health.maintenance[0]", "no date and time"),
    ({"maintenance": [{"cron": "x"}]}, "health.maintenance[0]", "no schedule"),
    ({"maintenance": [{"start": "soon"}]}, "health.maintenance[0]", "no date and time"),
    (
        {"maintenance": [{"cron": "0 4 * * *", "duration": "long"}]},
        "health.maintenance[0]",
        "no length of time",
    ),
    (
        {"maintenance": [{"cron": "0 4 * * *", "zone": "Mars/Base"}]},
        "health.maintenance[0]",
        "no time zone",
    ),
    (
        {"maintenance": [{"cron": "0 4 * * *", "start": "2027-01-31T04:00"}]},
        "health.maintenance[0].start",
        "not both",
    ),
]


@pytest.mark.parametrize(("health", "place", "text"), BAD, ids=str)
def test_what_cannot_be_is_told_with_its_place(
    health: dict[str, Any], place: str, text: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, **health), {})
    (problem,) = refused.value.problems
    assert problem.key == place
    assert text in problem.message


def test_a_window_of_an_unknown_profile_is_warned_of(tmp_path: Path) -> None:
    window = {"cron": "0 4 * * *", "profiles": ["a", "b"]}
    warnings = load(written(tmp_path, maintenance=[window]), {}).warnings
    assert "health.maintenance[0].profiles[1]" in [warning.key for warning in warnings]
