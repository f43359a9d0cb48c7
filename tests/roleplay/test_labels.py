from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.chat import Attempt, Delta, StreamEvent
from roleplay.labels import without_label

NAMES = ("Mira", "Ann", "Ann Lee")


async def stream(*texts: str) -> AsyncIterator[StreamEvent]:
    for text in texts:
        yield Delta(text)
    yield Delta(finish_reason="stop")
    yield Attempt("p", "answered", 1.0)


async def said(*texts: str) -> str:
    events = [event async for event in without_label(stream(*texts), NAMES)]
    assert isinstance(events[-1], Attempt)
    return "".join(event.text for event in events if isinstance(event, Delta))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["Mira: Welcome."], "Welcome."),
        (["Mi", "ra", ":", " ", "Welcome."], "Welcome."),
        ([" Mira: Welcome."], "Welcome."),
        (["Ann Lee: Hi."], "Hi."),
        (["Miracles happen."], "Miracles happen."),
        (["Mira smiles."], "Mira smiles."),
        (["Mira"], "Mira"),
        (["Well. Mira: yes."], "Well. Mira: yes."),
        (["Mira: Mira: twice."], "Mira: twice."),
        (["Mira:"], ""),
    ],
)
async def test_only_a_label_at_the_start_is_left_out(pieces: list[str], expected: str) -> None:
    assert await said(*pieces) == expected


async def test_text_that_cannot_be_a_label_is_not_held_back() -> None:
    events = without_label(stream("Hello", " there"), NAMES)
    assert await anext(events) == Delta("Hello")


async def test_alternatives_are_told_apart() -> None:
    async def two() -> AsyncIterator[StreamEvent]:
        yield Delta("Mira: one", choice=0)
        yield Delta("Mi", choice=1)
        yield Delta("ra: two", choice=1)

    events = [event async for event in without_label(two(), NAMES)]
    assert [(e.choice, e.text) for e in events if isinstance(e, Delta) and e.text] == [
        (0, "one"),
        (1, "two"),
    ]


@given(st.text(alphabet="MiraAn: x\n", max_size=20), st.data())
async def test_any_split_gives_the_same_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    edges = [0, *cuts, len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    assert await said(*pieces) == await said(text)
