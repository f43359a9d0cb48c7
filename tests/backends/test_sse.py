import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.dialect import Frame
from backends.sse import LONGEST_EVENT, SseReader
from roleplay.errors import BadResponse


def read(*parts: bytes) -> list[Frame]:
    reader = SseReader()
    return [frame for part in parts for frame in reader.feed(part)] + reader.close()


@pytest.mark.parametrize(
    "stream",
    [
        b"data: a\n\ndata: b\n\n",
        b"data:a\n\ndata:b\n\n",
        b"data: a\r\n\r\ndata: b\r\n\r\n",
        b"\xef\xbb\xbfdata: a\n\ndata: b\n\n",
        b": hello\n\ndata: a\n: ping\n\n\n\nid: 7\nretry: 5\ndata: b\n\n",
        b"data: a\n\ndata: b\n",
        b"data: a\n\ndata: b",
    ],
    ids=["plain", "no space", "crlf", "bom", "comments and blank lines", "no blank line", "no end"],
)
def test_every_way_of_writing_two_events_is_read(stream: bytes) -> None:
    assert read(stream) == [Frame("a"), Frame("b")]


def test_only_one_space_is_taken_away() -> None:
    assert read(b"data:  a \n\n") == [Frame(" a ")]


def test_lines_of_one_event_are_joined() -> None:
    assert read(b"data: a\ndata: b\n\n") == [Frame("a\nb")]


def test_an_event_keeps_its_name_and_the_next_has_none() -> None:
    assert read(b"event: error\ndata: a\n\ndata: b\n\n") == [Frame("a", "error"), Frame("b")]


def test_unicodes_own_line_separators_are_text() -> None:
    assert read("data: a\u2028b\u0085c\n\n".encode()) == [Frame("a\u2028b\u0085c")]


def test_bytes_that_are_no_utf8_do_not_stop_the_reader() -> None:
    assert read(b"data: a\xff\n\n") == [Frame("a\ufffd")]


@pytest.mark.parametrize("end", [b"", b"\n\n"])
def test_an_event_that_outgrows_its_cap_is_refused(end: bytes) -> None:
    with pytest.raises(BadResponse):
        read(b"data: ", b"x" * LONGEST_EVENT, b"yyyyyyyy", end)


def test_many_short_lines_of_one_event_count_together() -> None:
    with pytest.raises(BadResponse):
        read(*[b"data: " + b"x" * 65536 + b"\n"] * 17)


@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1), max_size=5
    ),
    cuts=st.lists(st.integers(0, 400), max_size=12),
    newline=st.sampled_from([b"\n", b"\r\n"]),
)
def test_any_split_of_a_stream_gives_the_same_frames(
    texts: list[str], cuts: list[int], newline: bytes
) -> None:
    stream = b"".join(b"data: " + text.encode() + newline * 2 for text in texts)
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    parts = [stream[start:end] for start, end in itertools.pairwise(places)]
    assert read(*parts) == [Frame(text) for text in texts]
