from datetime import date

import pytest

from roleplay.cautions import cautions, same_model
from roleplay.ports import ProbeResult
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

TODAY = date(2026, 11, 23)


def told(window: int | None = None, answered_by: str = "", **shutdowns: str) -> list[str]:
    profile = ConnectionProfile(name="ann", model="m", sampler=Sampler(maxContextTokens=8192))
    found = ProbeResult("ann", "up", 0.1, window=window, shutdowns=shutdowns)
    return list(cautions(profile, found, answered_by, TODAY))


def test_nothing_is_told_where_all_is_well_or_unknown() -> None:
    assert told() == told(8192) == told(16384, "m", other="2026-12-01") == []
    assert list(cautions(ConnectionProfile(), None, "", TODAY)) == []


def test_a_window_larger_than_the_servers_is_told() -> None:
    [text] = told(4096)
    assert "8192" in text
    assert "4096 is used" in text


def test_another_model_that_answers_is_told() -> None:
    assert told(answered_by="other") == ["other answers instead of m."]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-12-11", 1), ("2027-02-21", 1), ("2027-02-22", 0), ("2026-11-01", 1), ("soon", 0)],
)
def test_a_model_that_is_switched_off_within_90_days_is_told(day: str, expected: int) -> None:
    assert len(told(m=day)) == expected


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("llama3.2", "llama3.2:latest"),
        ("mistralai/mistral-nemo:free", "mistralai/mistral-nemo"),
        ("mistral-nemo", "mistralai/Mistral-Nemo"),
        ("m", "/models/M.gguf"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash"),
    ],
)
def test_names_of_one_model(asked: str, answered: str) -> None:
    assert same_model(asked, answered)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("gpt-4o", "gpt-4o-mini"), ("llama3:8b", "llama3:70b"), ("qwen", "mistral")],
)
def test_names_of_two_models(asked: str, answered: str) -> None:
    assert not same_model(asked, answered)
