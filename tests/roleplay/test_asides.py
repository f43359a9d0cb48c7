import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.asides import Asides


@pytest.mark.parametrize(
    "text",
    ["((brb))", " ((brb)) ", "((a)) ((b))", "// brb", "  //brb", "((a (b)))", "((two\nlines))"],
)
def test_an_aside_as_a_whole(text: str) -> None:
    assert Asides().is_aside(text)


@pytest.mark.parametrize(
    "text", ["", "Hello", "((brb", "brb))", "Hello ((brb))", "See http://x", "(brb)", "a // b"]
)
def test_speech(text: str) -> None:
    assert not Asides().is_aside(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Hello ((brb)) there", "Hello there"),
        ("((wait)) Hello", "Hello"),
        ("Hello((1))!((2))", "Hello!"),
        ("A ((b (c))) d", "A d"),
        ("A ((b", "A ((b"),
        ("One.\n((x))\nTwo.", "One.\n\nTwo."),
    ],
)
def test_remarks_are_cut_from_speech(text: str, seen: str) -> None:
    assert Asides().cut(text) == seen


def test_other_markers() -> None:
    asides = Asides(("[OOC:...]", "#"))
    assert asides.is_aside("[OOC: brb]")
    assert asides.is_aside("# brb")
    assert not asides.is_aside("((brb))")
    assert not Asides(()).is_aside("// brb")


@given(st.text("ab() ", max_size=40))
def test_what_is_said_outside_of_brackets_stays(text: str) -> None:
    said = text.replace("(", "").replace(")", "")
    assert Asides().cut(f"{said}((x)){said}").replace(" ", "") == (said + said).replace(" ", "")
