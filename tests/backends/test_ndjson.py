import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.ndjson import LONGEST_LINE, NdjsonReader
from roleplay.errors import BadResponse

DATA = '{"a": "Zoë \\u2028"}\r\n\n{"b": "\u2028日本"}\n{"c": 3}'.encode()


@given(st.lists(st.integers(0, len(DATA)), max_size=20))
def test_lines_come_whole_however_the_bytes_are_cut(cuts: list[int]) -> None:
    places = sorted({0, len(DATA), *cuts})
    reader = NdjsonReader()
    pieces = (DATA[start:end] for start, end in itertools.pairwise(places))
    found = [frame.data for piece in pieces for frame in reader.feed(piece)]
    found += [frame.data for frame in reader.close()]
    assert found == ['{"a": "Zoë \\u2028"}', '{"b": "\u2028日本"}', '{"c": 3}']


def test_an_endless_line_is_refused() -> None:
    reader = NdjsonReader()
    reader.feed(b"x" * LONGEST_LINE)
    with pytest.raises(BadResponse):
        reader.feed(b"x")
