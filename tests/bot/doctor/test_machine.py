import pytest

from bot.doctor.machine import check_clock, check_config
from roleplay.errors import Problem


@pytest.mark.parametrize(
    ("offsets", "outcome"),
    [
        ([], "skipped"),
        ([0.5], "ok"),
        ([-20.0], "warning"),
        ([400.0], "error"),
        ([400.0, -1.0], "ok"),
    ],
)
def test_the_clock_is_wrong_when_every_server_says_so(offsets: list[float], outcome: str) -> None:
    assert check_clock(offsets).outcome == outcome


def test_a_slow_clock_is_not_called_fast() -> None:
    assert "40 s slow" in check_clock([40.0]).detail
    assert "40 s fast" in check_clock([-40.0]).detail


def test_each_warning_of_the_config_is_told_with_its_place() -> None:
    problem = Problem("config.json", 3, 5, "profiles.main", "No model is set.")
    assert [one.detail for one in check_config([problem])] == [str(problem)]
    assert [one.outcome for one in check_config([])] == ["ok"]
