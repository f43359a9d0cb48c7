"""Lorebooks for tests: made by hand, and any that there can be."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from roleplay.lorebooks.book import CharacterFilter, Logic, Lorebook, LoreEntry, Position, Source
from roleplay.lorebooks.names import BOOK_KNOWN, EXTENSIONS, KNOWN
from roleplay.lorebooks.result import ScanResult
from roleplay.lorebooks.scan import scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Line, Surroundings


def entry(uid: int = 0, *keys: str, content: str = "", **more: Any) -> LoreEntry:
    """An entry whose text is its number unless told otherwise."""
    return LoreEntry(uid, keys=keys, content=content or f"text {uid}", **more)


def book(*entries: LoreEntry, name: str = "World", **more: Any) -> Lorebook:
    return Lorebook(name, entries, **more)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = TEXTS.map(str.strip).filter(bool)
LISTS = st.lists(KEYS, max_size=3).map(tuple)
COUNTS = st.integers(0, 2000)
OPEN = st.none() | st.booleans()


def _unknown(known: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    values = st.none() | st.booleans() | st.integers(-9, 9) | TEXTS
    names = TEXTS.filter(lambda name: name not in known and name not in EXTRA_NAMES)
    return st.dictionaries(names, values, max_size=2)


EXTRA_NAMES = {"data", "lorebookVersion", "kind", "type", "spec"}
"""Names by which other kinds of files are known."""

ENTRIES = st.builds(
    LoreEntry,
    uid=st.integers(0, 10_000),
    keys=LISTS,
    secondary_keys=LISTS,
    content=TEXTS,
    comment=TEXTS,
    enabled=st.booleans(),
    constant=st.booleans(),
    selective=st.booleans(),
    logic=st.sampled_from(Logic),
    order=st.integers(-1000, 1000) | st.floats(-1000, 1000),
    position=st.sampled_from(Position),
    depth=COUNTS,
    role=st.sampled_from(["system", "user", "assistant"]),
    outlet=TEXTS,
    scan_depth=st.none() | COUNTS,
    case_sensitive=OPEN,
    whole_words=OPEN,
    use_regex=st.booleans(),
    sources=st.frozensets(st.sampled_from(Source)),
    probability=st.integers(0, 100) | st.floats(0, 100),
    use_probability=st.booleans(),
    group=TEXTS,
    group_override=st.booleans(),
    group_weight=COUNTS,
    group_scoring=OPEN,
    exclude_recursion=st.booleans(),
    prevent_recursion=st.booleans(),
    delay_until_recursion=st.integers(0, 5),
    sticky=COUNTS,
    cooldown=COUNTS,
    delay=COUNTS,
    ignore_budget=st.booleans(),
    triggers=st.sets(st.sampled_from(["normal", "swipe", "quiet"])).map(tuple),
    characters=st.builds(CharacterFilter, LISTS, LISTS, st.booleans()),
    vectorized=st.booleans(),
    automation_id=TEXTS,
    display_index=st.none() | COUNTS,
    extra=_unknown(KNOWN),
    extensions=_unknown(KNOWN.union(EXTENSIONS.values())),
)


def _sorted(entries: list[LoreEntry]) -> tuple[LoreEntry, ...]:
    return tuple(sorted(entries, key=lambda each: each.uid))


BOOKS = st.builds(
    Lorebook,
    name=KEYS.map(lambda name: " ".join(name.split())).filter(bool),
    entries=st.lists(ENTRIES, max_size=4, unique_by=lambda each: each.uid).map(_sorted),
    description=TEXTS,
    scan_depth=st.none() | COUNTS,
    token_budget=st.none() | COUNTS,
    recursive=OPEN,
    extra=_unknown(BOOK_KNOWN),
    extensions=_unknown(BOOK_KNOWN),
)


def scanned(*books: Lorebook, said: Sequence[str] = (), **more: Any) -> ScanResult:
    """A scan with a token for each word. `said` is the chat, the oldest message first.

    `around`, `settings`, `timers`, `scope`, `roll`, `window` and `expand` may be given.
    """
    lines = [Line(text) for text in reversed(said)]
    around: Surroundings = more.pop("around", None) or Surroundings()
    scope = more.pop("scope", "global")
    return scan(
        [(each, scope) for each in books],
        replace(around, lines=around.lines or lines),
        more.pop("settings", LoreSettings()),
        more.pop("timers", {}),
        window=more.pop("window", 4000),
        roll=more.pop("roll", None) or random.Random(1),
        count=lambda text: len(text.split()),
        **more,
    )


def uids(result: ScanResult) -> list[int]:
    return [each.entry.uid for each in result.activated]
