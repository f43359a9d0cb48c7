import pytest

from roleplay.durations import NotADuration, read_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("45 min", 2700),
        ("1h30m", 5400),
        ("2 D", 172800),
        ("1w", 604800),
    ],
)
def test_lengths_as_people_write_them(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "-1h", "1.5h", "1y", "9999999h", "1h x"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(NotADuration) as refused:
        read_duration(text)
    assert refused.value.hint
