"""How a long text becomes Discord messages."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markdown import open_at_end
from bot.split import LIMIT, split

WORDS = st.text("abcdefghij", min_size=1, max_size=9)
PLAIN = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


def wrapped(parts: tuple[str, str]) -> str:
    return f"{parts[0]}{parts[1]}{parts[0]}"


def code_block(parts: tuple[str, list[str]]) -> str:
    return f"```{parts[0]}\n" + "\n".join(f"    {line}" for line in parts[1]) + "\n```"


def styled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    marks = st.sampled_from(["*", "**", "__", "~~", "||", "***"])
    around = st.tuples(marks, inner).map(wrapped)
    return st.lists(st.one_of(inner, around), min_size=1, max_size=4).map(" and ".join)


LANGUAGES = st.sampled_from(["", "python", "c++"])
CODE = st.tuples(LANGUAGES, st.lists(PLAIN, min_size=1, max_size=12)).map(code_block)
DOCUMENTS = st.lists(
    st.one_of(PLAIN, styled(PLAIN), CODE, PLAIN.map(lambda text: f"`{text}`")), max_size=24
).flatmap(
    lambda blocks: st.sampled_from(["\n\n", "\n", "\n \n"]).map(
        lambda between: between.join(blocks)
    )
)
WILD = st.text(
    st.sampled_from(
        [*list("ab \n`*_~|\\.!?<>:/# 0123456789"), "é", "́", "\u200d", "👩", "🏽", "🇩", "🇪", "。"]
    ),
    max_size=60,
).map(lambda text: text * 90)


@given(st.one_of(DOCUMENTS, WILD, st.text(max_size=6000)))
@settings(max_examples=150, deadline=None)
def test_no_piece_is_too_long_or_blank_and_no_text_is_lost(text: str) -> None:
    pieces = split(text)
    assert all(0 < len(piece.shown) <= LIMIT for piece in pieces)
    assert all(piece.shown == piece.shown.strip() for piece in pieces)
    assert "".join(piece.text for piece in pieces) == (text if text.strip() else "")


@given(DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_every_piece_closes_the_styles_it_opens(text: str) -> None:
    for piece in split(text):
        left = open_at_end(piece.shown)
        assert (left.styles, left.code) == ((), "")


@given(st.one_of(DOCUMENTS, WILD), st.integers(0, 5500))
@settings(max_examples=150, deadline=None)
@example("word " * 500, 2001)
def test_a_growing_text_moves_nothing_that_stands_in_an_earlier_message(text: str, at: int) -> None:
    earlier = [piece.shown for piece in split(text[:at])][:-1]
    assert [piece.shown for piece in split(text)][: len(earlier)] == earlier


@given(DOCUMENTS)
@settings(max_examples=50, deadline=None)
def test_a_note_below_moves_no_cut(text: str) -> None:
    plain, noted = split(text), split(text, note="-# cut off")
    assert [piece.shown for piece in noted[: len(plain) - 1]] == [p.shown for p in plain[:-1]]
    assert all(len(piece.shown) <= LIMIT for piece in noted)
    assert "cut off" not in "".join(piece.text for piece in noted)
    assert not noted or noted[-1].shown.endswith("\n-# cut off")


def test_a_text_that_fits_is_one_message() -> None:
    assert [piece.shown for piece in split("  She nods. \n")] == ["She nods."]
    assert len(split("x" * 1980)) == 1


def test_blank_text_is_no_message() -> None:
    assert split("") == split(" \n\n\t") == ()


@pytest.mark.parametrize(
    ("between", "least"), [("\n\n", "paragraph"), ("\n", "line"), (" ", "sentence")]
)
def test_it_cuts_at_the_best_boundary(between: str, least: str) -> None:
    first = f"{'a' * 600} {'b' * 500}, the end of a {least}."
    second = f"{'c' * 500} {'d' * 800}"
    pieces = split(f"{first}{between}{second}")
    assert [piece.shown for piece in pieces] == [first, second]


def test_japanese_is_cut_after_its_full_stop() -> None:
    pieces = split("彼女は静かにうなずいた。" * 200)
    assert all(piece.shown.endswith("。") for piece in pieces)


def test_italics_go_on_in_the_next_message() -> None:
    pieces = split("*" + "she walks on " * 200 + "and stops.* Then.")
    assert pieces[0].shown.endswith("*")
    assert all(piece.shown.startswith("*") for piece in pieces)
    assert pieces[-1].shown.endswith("and stops.* Then.")


def test_a_code_block_goes_on_with_its_language_and_indentation() -> None:
    code = "\n".join(f"    line_{number} = {number}" for number in range(200))
    pieces = split(f"```python\n{code}\n```\nDone.")
    assert all(piece.shown.startswith("```python\n    line_") for piece in pieces)
    assert all(piece.shown.endswith("\n```") for piece in pieces[:-1])
    assert pieces[-1].shown.endswith("\n```\nDone.")


def test_a_code_block_that_ends_at_the_cut_leaves_no_empty_one_behind() -> None:
    for length in range(1960, 1985):
        pieces = split("```\n" + "x" * (length - 4) + "\n```\n\nAfter it." + " more" * 10)
        assert not any(re.search(r"```\n?```", piece.shown) for piece in pieces)


def test_a_short_code_span_is_moved_whole() -> None:
    pieces = split("word " * 390 + "`an inline piece of code that is not torn apart` and on")
    assert pieces[1].shown.startswith("`an inline piece of code that is not torn apart`")


@pytest.mark.parametrize(
    "atom",
    [
        " https://example.org/a/rather/long/path?with=query&and=more",
        "<:wave_hello:123456789012345678>",
        "<@123456789012345678>",
        "👩🏽‍🚀",
        "🇩🇪",
        "é́",
    ],
)
def test_links_emoji_and_mentions_are_not_torn_apart(atom: str) -> None:
    for lead in range(1900, 1982):
        pieces = split("x" * lead + atom + "y" * 300)
        assert any(atom.strip() in piece.shown for piece in pieces), lead


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 = 15",
        "snake_case_names",
        "* item",
        "a \\*star",
        "https://e.org/a_b_c*",
        "*****",
        "** **",
    ],
)
def test_plain_characters_are_not_taken_for_styles(text: str) -> None:
    left = open_at_end(text)
    assert (left.styles, left.code) == ((), "")


@pytest.mark.parametrize(
    ("text", "styles", "code"),
    [
        ("*she walks", ("*",), ""),
        ("**a *b", ("**", "*"), ""),
        ("***a", ("**", "*"), ""),
        ("_a snake_case", ("_",), ""),
        ("||a~~b", ("||", "~~"), ""),
        ("**a `b* c", ("**",), "`"),
        ("```py\n*a", (), "```"),
        ("it`s\n\n*so", ("*",), ""),
        ("*a* **b** __c__ ~~d~~ ||e|| `f` ***g***", (), ""),
    ],
)
def test_what_is_open_is_seen(text: str, styles: tuple[str, ...], code: str) -> None:
    left = open_at_end(text)
    assert (left.styles, left.code) == (styles, code)


def test_an_open_style_of_the_growing_end_is_closed_for_the_eye() -> None:
    assert [piece.shown for piece in split("*she walks")] == ["*she walks*"]
    assert [piece.shown for piece in split("```py\nx = 1")] == ["```py\nx = 1\n```"]
