"""A book that is exported and imported again is the same book."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fakes.lore import BOOKS
from hypothesis import given, settings

from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.read import read_file
from roleplay.lorebooks.write import card_book_of, standalone_of, world_of


@pytest.mark.parametrize("write", [world_of, card_book_of, standalone_of])
@given(book=BOOKS)
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_again(
    write: Callable[[Lorebook], dict[str, Any]], book: Lorebook
) -> None:
    text = json.dumps(write(book)).encode()
    assert read_file(text, "world.json") == book


@given(book=BOOKS)
@settings(deadline=None, max_examples=60)
def test_a_way_through_every_format_changes_nothing(book: Lorebook) -> None:
    found = book
    for write in (world_of, card_book_of, world_of, standalone_of):
        found = read_file(json.dumps(write(found)).encode(), "world.json")
    assert found == book
