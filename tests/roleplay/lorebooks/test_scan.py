"""What a scan tells beside who fired: why, in which order of books, and with which luck."""

import random
from dataclasses import replace

import pytest
from fakes.lore import book, entry, scanned, uids

from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.compiled import Library
from roleplay.lorebooks.scan import Scope, scan
from roleplay.lorebooks.settings import LoreSettings, Strategy
from roleplay.lorebooks.surroundings import Line, Surroundings


def test_the_reason_is_told() -> None:
    found = scanned(
        book(
            entry(1, "cow", content="Rufus likes her.", comment="The cow"),
            entry(2, "dog", "rufus"),
            entry(3, constant=True),
            entry(4, content="@@activate\nx"),
        ),
        said=["A cow!"],
    )
    reasons = {each.entry.uid: (each.why, each.key, each.source) for each in found.activated}
    assert reasons == {
        1: ("key", "cow", ""),
        2: ("key", "rufus", "The cow"),
        3: ("constant", "", ""),
        4: ("decorator", "@@activate", ""),
    }


def test_tokens_and_budget_are_told() -> None:
    found = scanned(book(entry(1, "a", content="one two three")), said=["a"], window=100)
    assert (found.tokens, found.budget, found.activated[0].tokens) == (3, 25, 3)
    over = scanned(book(entry(1, "a", content="one " * 30)), said=["a"], window=100)
    assert over.skipped[0].detail == "30 tokens with it, of 25"


def test_a_refused_pattern_is_told_with_its_reason() -> None:
    found = scanned(book(entry(1, "/(?=x)y/")), said=["a"])
    assert found.skipped[0].detail.startswith("the pattern /(?=x)y/ cannot be used: ")


ORDERS: dict[Strategy, list[int]] = {
    "evenly": [1, 4, 2, 3],
    "character_first": [1, 3, 4, 2],
    "global_first": [1, 4, 2, 3],
}


@pytest.mark.parametrize("strategy", ORDERS)
def test_whose_entries_take_from_the_budget_first(strategy: Strategy) -> None:
    """The chat's book, the character's and the servers'; entry 4 has the highest order."""
    books: list[tuple[Lorebook, Scope]] = [
        (book(entry(3, "a", order=4), name="character"), "character"),
        (book(entry(2, "a", order=5), entry(4, "a", order=9), name="global"), "global"),
        (book(entry(1, "a", order=1), name="chat"), "chat"),
    ]
    expected = ORDERS[strategy]
    for fit in range(5):
        result = scan(
            books,
            Surroundings(lines=[Line("a")]),
            LoreSettings(strategy=strategy, budget_percent=100),
            {},
            window=2 * fit + 1,
            roll=random.Random(1),
            count=lambda text: len(text.split()),
        )
        assert sorted(uids(result)) == sorted(expected[:fit])


def test_a_probability_is_a_share_of_the_rolls() -> None:
    world = book(entry(1, "a", probability=30))
    rolls = [uids(scanned(world, said=["a"], roll=random.Random(seed))) for seed in range(400)]
    assert 80 < sum(map(len, rolls)) < 160


def test_a_group_is_drawn_by_weight() -> None:
    world = book(entry(1, "a", group="g", group_weight=300), entry(2, "a", group="g"))
    drawn = [uids(scanned(world, said=["a"], roll=random.Random(seed)))[0] for seed in range(400)]
    assert set(drawn) == {1, 2}
    assert 250 < drawn.count(1) < 350


def _as_mira(text: str) -> str:
    return text.replace("{{char}}", "Mira")


def test_macros_of_keys_and_contents_are_replaced() -> None:
    world = book(entry(1, "{{char}}", content="{{char}} is old."), entry(2, "/{{char}}s/"))
    found = scanned(world, said=["Mira? Miras?"], expand=_as_mira)
    assert uids(found) == [2, 1]
    assert found.activated[1].content == "Mira is old."


def test_an_entry_whose_text_comes_to_nothing_is_no_part_of_the_prompt() -> None:
    assert not scanned(book(entry(1, "a", content="@@depth 2")), said=["a"]).activated


def test_an_edited_book_is_made_ready_anew() -> None:
    library, before = Library(), book(entry(1, "old"))
    assert uids(scanned(before, said=["old"], library=library)) == [1]
    after = replace(before, entries=(entry(1, "new"),))
    assert uids(scanned(after, said=["old"], library=library)) == []
    assert uids(scanned(after, said=["new"], library=library)) == [1]
    assert uids(scanned(before, said=["old"], library=library)) == [1]


def test_min_activations_look_at_the_chat_and_not_at_other_entries() -> None:
    """Texts of entries set off others only in a round of their own."""
    world = book(entry(1, "a", content="b", prevent_recursion=True), entry(2, "b"), entry(3, "c"))
    settings = LoreSettings(min_activations=2)
    assert uids(scanned(world, said=["c", "x", "x", "a"], settings=settings)) == [3, 1]
