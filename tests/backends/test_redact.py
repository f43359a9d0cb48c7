import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.redact import LONGEST, redact, showable


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcDEF123456",
        "sk-ant-api03-abc_DEF-123",
        "hf_abcdefghij",
        "gsk_abcdefghij",
        "AIzaSyA1234567890abcdefghij",
        "eyJhbGciOi.eyJzdWIiOi.abc-def",
    ],
)
def test_what_looks_like_a_key_is_hidden(key: str) -> None:
    assert key not in redact(f"Incorrect API key provided: {key}. Try again.")
    assert key not in redact(f"Authorization: Bearer {key}")
    assert key not in redact(f"https://x/v1?api_key={key}&a=1")


def test_a_key_of_any_shape_is_hidden_by_its_value_also_as_part_of_an_address() -> None:
    text = redact("a p@ss/word b p%40ss%2Fword c", ["p@ss/word"])
    assert text == "a … b … c"


def test_a_name_and_password_in_an_address_are_hidden() -> None:
    assert redact("https://ann:secret@host/v1") == "https://…@host/v1"


def test_the_rest_of_a_text_stays() -> None:
    assert redact("The task-list of 3 models was not found") == (
        "The task-list of 3 models was not found"
    )


@given(st.text(max_size=500))
def test_what_is_shown_is_one_short_line(text: str) -> None:
    shown = showable(text)
    assert len(shown) <= LONGEST
    assert len(shown.splitlines()) <= 1
    assert "\u202e" not in shown
