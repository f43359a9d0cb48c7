import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.speech import Speech
from backends.stops import StopFilter, most_valuable
from backends.thinking import ThinkingFilter
from roleplay.chat import Delta, Usage

SPLITS = st.lists(st.integers(0, 60), max_size=10)


def cut(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(place % (len(text) + 1) for place in cuts)})
    return [text[start:end] for start, end in itertools.pairwise(places)]


def stopped(pieces: list[str], *stops: str) -> str:
    stop = StopFilter(stops)
    return "".join(map(stop.feed, pieces)) + stop.close()


def parted(pieces: list[str]) -> tuple[str, str]:
    thinking = ThinkingFilter()
    parts = [*map(thinking.feed, pieces), thinking.close()]
    return "".join(speech for speech, _ in parts), "".join(thought for _, thought in parts)


@given(SPLITS)
def test_a_stop_string_is_found_however_the_text_is_cut(cuts: list[int]) -> None:
    assert stopped(cut("Hello Use\nUser: Hi ### x", cuts), "###", "\nUser:") == "Hello Use"


@given(SPLITS)
def test_what_only_begins_a_stop_string_is_kept(cuts: list[int]) -> None:
    assert stopped(cut("aab aac \nUse", cuts), "aaab", "\nUser:") == "aab aac \nUse"


@given(st.text("ab", max_size=30), st.text("ab", min_size=1, max_size=4), SPLITS)
def test_the_text_before_the_first_stop_string_and_no_more(
    text: str, stop: str, cuts: list[int]
) -> None:
    assert stopped(cut(text, cuts), stop) == text.partition(stop)[0]


def test_text_that_cannot_begin_a_stop_string_is_not_held_back() -> None:
    assert StopFilter(["\nUser:"]).feed("Hello") == "Hello"


@given(SPLITS)
def test_thoughts_are_parted_from_speech_however_they_are_cut(cuts: list[int]) -> None:
    text = "<think>Hm < 3 </thin\n</think>\n\nHello <b>x</b> <thought>so</thought> there"
    assert parted(cut(text, cuts)) == ("Hello <b>x</b> there", "Hm < 3 </thin\nso")


@given(SPLITS)
def test_a_thought_that_never_ends_is_no_speech(cuts: list[int]) -> None:
    assert parted(cut("<think>Hm </thi", cuts)) == ("", "Hm </thi")


@given(SPLITS)
def test_a_closing_tag_whose_opening_was_in_the_prompt_vanishes(cuts: list[int]) -> None:
    assert parted(cut("</think>\n\nHello", cuts)) == ("Hello", "")


@given(SPLITS)
def test_what_only_looks_like_a_tag_is_speech(cuts: list[int]) -> None:
    assert parted(cut("a <thinker> b <", cuts)) == ("a <thinker> b <", "")


def test_each_alternative_has_its_own_end() -> None:
    speech = Speech(["X"], alternatives=2)
    first = speech.feed(Delta(text="aXb", choice=0))
    assert first is not None
    assert (first.text, first.finish_reason, speech.complete) == ("a", "stop", False)
    assert speech.feed(Delta(text="more", choice=0)) is None
    speech.feed(Delta(text="b", choice=1, finish_reason="length"))
    assert speech.complete
    assert speech.choices[1].finished == "length"


def test_white_space_waits_for_the_first_word() -> None:
    speech = Speech([], alternatives=1)
    assert speech.feed(Delta(text="\n ")) is None
    assert not speech.visible
    shown = speech.feed(Delta(text="a "))
    assert shown is not None
    assert shown.text == "\n a "


def test_an_emoji_cut_in_half_is_joined_and_a_half_that_stays_alone_is_replaced() -> None:
    speech = Speech([], alternatives=1)
    pieces = ("a\ud83d", "\ude00b", "\udc00", "c\ud83d")
    shown = [speech.feed(Delta(text=piece)) for piece in pieces]
    assert "".join(one.text for one in shown if one) == "a\U0001f600b\ufffdc"


def test_a_stop_string_inside_a_thought_stops_nothing() -> None:
    speech = Speech(["User:"], alternatives=1)
    speech.feed(Delta(text="<think>User: ?</think>Hi"))
    assert not speech.stopped


@pytest.mark.parametrize(
    ("stops", "sent"),
    [
        (("a", "b", "c", "d"), ("a", "b", "c", "d")),
        (("xa", "a", "b", "c", "d"), ["a", "b", "c", "d"]),
        (("a", "b", "c", "d", "e"), ["a", "b", "c", "d"]),
    ],
)
def test_no_more_stops_than_a_server_takes(stops: tuple[str, ...], sent: list[str]) -> None:
    assert list(most_valuable(stops, 4)) == list(sent)


def test_usage_that_comes_in_parts_is_shown_once_when_the_reply_is_over() -> None:
    speech = Speech((), 1)
    assert speech.feed(Delta(usage=Usage(prompt_tokens=7))) is None
    text = speech.feed(Delta(text="Hi", usage=Usage(prompt_tokens=7, completion_tokens=1)))
    assert text == Delta(text="Hi")
    end = speech.feed(Delta(finish_reason="stop", usage=Usage(completion_tokens=2)))
    assert end == Delta(finish_reason="stop", usage=Usage(prompt_tokens=7, completion_tokens=2))
