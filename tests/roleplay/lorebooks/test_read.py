"""What is read out of lorebooks that other programs wrote."""

import json
from typing import Any

import pytest

from roleplay.errors import LorebookError
from roleplay.lorebooks.book import CharacterFilter, Logic, Lorebook, Position, Source
from roleplay.lorebooks.read import MOST_ENTRIES, read_book, read_file
from roleplay.lorebooks.values import LONGEST_TEXT


def as_file(value: object, notes: list[str] | None = None) -> Lorebook:
    return read_file(json.dumps(value).encode(), "world.json", notes)


def test_a_sillytavern_world() -> None:
    found = as_file(
        {
            "entries": {
                "0": {
                    "uid": 0,
                    "key": ["dragon", "/wyrm(s)?/i"],
                    "keysecondary": ["fire"],
                    "selectiveLogic": 3,
                    "content": "Dragons sleep.",
                    "order": 90,
                    "position": 4,
                    "depth": 2,
                    "role": 1,
                    "disable": True,
                    "delayUntilRecursion": True,
                    "matchScenario": True,
                    "characterFilter": {"isExclude": True, "names": ["Mira"], "tags": []},
                    "displayIndex": 7,
                    "somethingNew": {"deep": [1]},
                }
            },
            "originalData": {"kept": 1},
        }
    )
    assert found.name == "world"
    assert found.extra == {"originalData": {"kept": 1}}
    entry = found.entries[0]
    assert entry.keys == ("dragon", "/wyrm(s)?/i")
    assert entry.logic is Logic.AND_ALL
    assert (entry.position, entry.depth, entry.role) == (Position.AT_DEPTH, 2, "user")
    assert (entry.order, entry.enabled, entry.delay_until_recursion) == (90, False, 1)
    assert entry.sources == {Source.SCENARIO}
    assert entry.characters == CharacterFilter(("Mira",), (), exclude=True)
    assert entry.extra == {"somethingNew": {"deep": [1]}}


def test_a_book_of_a_card_with_sillytaverns_extras() -> None:
    found = read_book(
        {
            "name": "Mira's world",
            "entries": [
                {
                    "id": 5,
                    "keys": ["inn"],
                    "secondary_keys": ["beer"],
                    "content": "The inn is full.",
                    "enabled": True,
                    "insertion_order": 3,
                    "position": "before_char",
                    "priority": 10,
                    "extensions": {"position": 1, "sticky": 2, "group": "places", "other/tool": 1},
                }
            ],
        },
        "card.json",
    )
    entry = found.entries[0]
    assert (entry.uid, entry.order, entry.position) == (5, 3, Position.AFTER_CHARACTER)
    assert (entry.sticky, entry.group, entry.selective) == (2, "places", False)
    assert entry.extra == {"priority": 10}
    assert entry.extensions == {"other/tool": 1}


def test_a_card_gives_its_book() -> None:
    book = {"entries": [{"keys": ["inn"], "content": "Full."}]}
    found = as_file({"spec": "chara_card_v2", "data": {"name": "Mira", "character_book": book}})
    assert found.entries[0].keys == ("inn",)


def test_a_v3_file() -> None:
    found = as_file({"spec": "lorebook_v3", "data": {"name": "Sea", "entries": []}})
    assert found == Lorebook("Sea")


OTHERS: dict[str, dict[str, Any]] = {
    "Agnai": {
        "kind": "memory",
        "name": "Sea",
        "entries": [
            {
                "name": "Ship",
                "entry": "It floats.",
                "keywords": ["ship"],
                "weight": 7,
                "priority": 1,
            }
        ],
    },
    "RisuAI": {
        "type": "risu",
        "ver": 1,
        "data": [
            {"comment": "Ship", "content": "It floats.", "key": "ship, boat", "insertorder": 7}
        ],
    },
    "NovelAI": {
        "lorebookVersion": 5,
        "entries": [
            {
                "displayName": "Ship",
                "text": "It floats.",
                "keys": ["ship"],
                "contextConfig": {"budgetPriority": 7},
            }
        ],
    },
}


@pytest.mark.parametrize("program", OTHERS)
def test_books_of_other_programs(program: str) -> None:
    entry = as_file(OTHERS[program]).entries[0]
    assert entry.keys[0] == "ship"
    assert (entry.comment, entry.content, entry.order) == ("Ship", "It floats.", 7)


def test_entries_with_the_same_id_are_all_kept() -> None:
    found = as_file({"entries": [{"keys": ["a"], "id": 1}, {"keys": ["b"], "id": 1}]})
    assert [(each.uid, each.keys) for each in found.entries] == [(1, ("a",)), (2, ("b",))]


WRONG: dict[str, tuple[Any, str]] = {
    "no entries": ({"name": "x"}, "world.json is no lorebook"),
    "a list": ([1], "world.json is no lorebook"),
    "entries are a text": ({"entries": "x"}, "world.json: entries is a text, not a list"),
    "an entry is a number": ({"entries": [1]}, "entries[0] is a number, not an object"),
    "content is a list": (
        {"entries": {"7": {"key": [], "content": []}}},
        "world.json: entries[7]: content is a list, not a text",
    ),
    "a key is an object": (
        {"entries": [{"keys": ["a", {}]}]},
        "entries[0]: keys[1] is an object, not a text",
    ),
    "depth is a word": ({"entries": [{"depth": "deep"}]}, "entries[0]: depth is a text"),
    "order is beyond reason": ({"entries": [{"order": 1e300}]}, "entries[0]: order is a number"),
    "constant is a word": (
        {"entries": [{"constant": "perhaps"}]},
        "entries[0]: constant is a text, not yes or no",
    ),
    "extensions are a list": (
        {"entries": [{"keys": [], "extensions": [1]}]},
        "entries[0]: extensions is a list, not an object",
    ),
    "Risu without data": ({"type": "risu"}, "data is a number, not a list"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_type_is_told_with_entry_and_key(case: str) -> None:
    value, told = WRONG[case]
    with pytest.raises(LorebookError) as raised:
        as_file(value)
    assert told in str(raised.value)
    assert raised.value.hint


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(LorebookError, match=r"world\.json cannot be read: line 1, column 2"):
        read_file(b"{", "world.json")


def test_an_unknown_code_is_told_and_the_usual_one_taken() -> None:
    notes: list[str] = []
    found = as_file({"entries": {"0": {"key": ["a"], "position": 12}}}, notes)
    assert found.entries[0].position is Position.BEFORE_CHARACTER
    assert "position is 12" in notes[0]


def test_100_000_entries_are_clipped_and_counted() -> None:
    notes: list[str] = []
    entries = [{"keys": ["k"], "content": "c"} for _ in range(100_000)]
    assert len(as_file({"entries": entries}, notes).entries) == MOST_ENTRIES
    assert "100000 entries are more than fit" in notes[0]


def test_a_huge_text_is_clipped_and_told() -> None:
    notes: list[str] = []
    found = as_file({"entries": [{"content": "x" * (LONGEST_TEXT + 1)}]}, notes)
    assert len(found.entries[0].content) == LONGEST_TEXT
    assert "entries[0]: content was cut" in notes[0]


def test_keys_beyond_the_most_are_dropped_and_told() -> None:
    notes: list[str] = []
    entries = [{"keys": [f"{at} {key}" for key in range(900)]} for at in range(60)]
    found = as_file({"entries": entries}, notes)
    assert sum(bool(each.keys) for each in found.entries) == 55
    assert "more than 50000 keys; 5 entries" in notes[0]
