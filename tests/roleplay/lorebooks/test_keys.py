"""Keys: found as one would find them by hand, and bounded whatever people write."""

import random

import pytest
from fakes.lore import book, entry, scanned, uids
from hypothesis import given
from hypothesis import strategies as st

from roleplay.lorebooks.key_index import KeyIndex, Spelling
from roleplay.lorebooks.patterns import pattern_in

WORDS = st.text(alphabet="abAB _-éİß龍", min_size=1, max_size=4).map(str.strip).filter(bool)
SPELLINGS = st.builds(Spelling.of, WORDS, case_sensitive=st.booleans(), whole_words=st.booleans())


@given(st.lists(SPELLINGS, max_size=30, unique=True), st.text(alphabet="abAB _-éİß龍", max_size=60))
def test_one_pass_finds_what_looking_for_each_finds(spellings: list[Spelling], text: str) -> None:
    by_hand = {
        number
        for number, each in enumerate(spellings)
        if each.found(text if each.case_sensitive else text.lower())
    }
    assert KeyIndex(spellings).find(text) == by_hand


@given(st.lists(SPELLINGS, max_size=10, unique=True), st.integers(900, 1100))
def test_nothing_is_lost_between_stretches(spellings: list[Spelling], at: int) -> None:
    text = "." * at + "".join(f".{each.text}." for each in spellings)
    found = KeyIndex(spellings).find(text)
    assert {
        n for n, each in enumerate(spellings) if each.case_sensitive or each.found(text)
    } <= found


def test_keys_made_to_match_everywhere_are_bounded_and_exact() -> None:
    """10 KB of one letter, and a key for each length of it: 10 million matches, not listed."""
    spellings = [Spelling("a" * size, case_sensitive=False, whole=False) for size in range(1, 1000)]
    never = Spelling("b", case_sensitive=False, whole=False)
    found = KeyIndex([*spellings, never]).find("a" * 10_000)
    assert found == set(range(len(spellings)))


EVIL = [
    "/(a+)+$/",
    "/(a|aa)+$/",
    "/(.*a){20}$/",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/",
    r"/(\w+\s?)*\x00/",
]


@pytest.mark.parametrize("key", EVIL)
def test_patterns_that_would_never_end_elsewhere(key: str) -> None:
    """Ends, within the test's time: elsewhere these take longer than the universe has left."""
    assert pattern_in(key) is not None
    assert scanned(book(entry(1, key), entry(2, "aa!")), said=["a" * 4000 + "! aa!"]).activated


REFUSED = [r"/(a)\1/", "/(?=a)b/", "/(?<!a)b/", "/(((a{100}){100}){100})/", "/(/", "/[/"]


@pytest.mark.parametrize("key", REFUSED)
def test_what_re2_refuses_never_matches_and_says_why(key: str) -> None:
    found = pattern_in(key)
    assert found is not None
    assert found.problem
    assert not found.found(b"a b aa (")


def test_20_000_keys() -> None:
    names = [f"name{number}" for number in range(20_000)]
    entries = [entry(at, *names[at * 10 : at * 10 + 10]) for at in range(2000)]
    said = " ".join(random.Random(1).sample(names, 30))
    expected = {int(name.removeprefix("name")) // 10 for name in said.split()}
    assert set(uids(scanned(book(*entries), said=[said], window=400_000))) == expected


def test_patterns_beyond_the_most_are_told() -> None:
    world = book(*[entry(at, rf"/x{at}\b/") for at in range(600)])
    found = scanned(world, said=["x599 x3"])
    assert uids(found) == [3]
    assert {each.why for each in found.skipped} == {"pattern"}
    assert len(found.skipped) == 100
