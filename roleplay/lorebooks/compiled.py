"""A lorebook made ready to be scanned, once for each revision of it."""

import hashlib
import json
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from roleplay.lorebooks.book import Lorebook, LoreEntry, Position
from roleplay.lorebooks.decorators import Decorators, decorated
from roleplay.lorebooks.key_index import KeyIndex, Spelling
from roleplay.lorebooks.patterns import Pattern, pattern_in, refused
from roleplay.lorebooks.write import world_entry_of
from roleplay.phrases import say

MOST_PATTERNS = 500
"""Of one book; further ones never match."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key in one of three ways: a number of the book's index, a pattern, or macros to replace."""

    text: str
    number: int = -1
    pattern: Pattern | None = None

    @property
    def has_macros(self) -> bool:
        return self.number < 0 and self.pattern is None


@dataclass(frozen=True, slots=True, eq=False)
class CompiledEntry:
    """`entry` has no decorators left and what they changed; `original` is as in the book.

    `remembered_as` is its key in `Timers`, "" where nothing of it lasts.
    """

    book: str
    at: int
    original: LoreEntry
    entry: LoreEntry
    decorators: Decorators
    keys: tuple[Key, ...]
    secondary: tuple[Key, ...]
    additional: tuple[Key, ...]
    excluded: tuple[Key, ...]
    case_sensitive: bool
    whole_words: bool
    groups: tuple[str, ...]
    remembered_as: str


@dataclass(frozen=True, slots=True)
class CompiledBook:
    """`by_key` are the entries that have a key as a primary one.

    `always` are those looked at in every scan: constants, patterns, macros. `levels` are those of
    `delay_until_recursion`, `deepest` the largest scan depth that an entry asks for.
    """

    name: str
    entries: tuple[CompiledEntry, ...]
    index: KeyIndex
    by_key: Mapping[int, tuple[int, ...]]
    always: tuple[int, ...]
    lasting: Mapping[str, int]
    levels: frozenset[int]
    deepest: int


class Library:
    """Books made ready, remembered for as long as the books themselves are there.

    An edited book is another one, so nothing here becomes stale.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[Lorebook], _Ready]] = {}

    def has(self, book: Lorebook, *, case_sensitive: bool, whole_words: bool) -> bool:
        """Whether `compiled` would take no time."""
        return (case_sensitive, whole_words) in self._ready(book)

    def compiled(self, book: Lorebook, *, case_sensitive: bool, whole_words: bool) -> CompiledBook:
        """The flags are those of the settings."""
        ready, flags = self._ready(book), (case_sensitive, whole_words)
        if flags not in ready:
            ready[flags] = _Compiler(book, *flags).run()
        return ready[flags]

    def _ready(self, book: Lorebook) -> "_Ready":
        key = id(book)
        known = self._known.get(key)
        if known is None or known[0]() is not book:
            gone = weakref.ref(book, lambda _: self._known.pop(key, None))
            known = self._known[key] = gone, {}
        return known[1]


_Ready = dict[tuple[bool, bool], CompiledBook]


class _Compiler:
    def __init__(self, book: Lorebook, case_sensitive: bool, whole_words: bool) -> None:  # noqa: FBT001
        self._book = book
        self._case_sensitive = case_sensitive
        self._whole_words = whole_words
        self._numbers: dict[Spelling, int] = {}
        self._patterns = 0

    def run(self) -> CompiledBook:
        entries = tuple(self._entry(at, entry) for at, entry in enumerate(self._book.entries))
        by_key: dict[int, list[int]] = {}
        for each in entries:
            for number in {key.number for key in each.keys if key.number >= 0}:
                by_key.setdefault(number, []).append(each.at)
        return CompiledBook(
            self._book.name,
            entries,
            KeyIndex(self._numbers),
            {number: tuple(places) for number, places in by_key.items()},
            tuple(each.at for each in entries if _always(each)),
            {each.remembered_as: each.at for each in entries if each.remembered_as},
            frozenset(each.entry.delay_until_recursion for each in entries) - {0},
            max((each.entry.scan_depth or 0 for each in entries), default=0),
        )

    def _entry(self, at: int, original: LoreEntry) -> CompiledEntry:
        decorators, content = decorated(original.content)
        entry = _placed(replace(original, content=content), decorators)
        case, whole = entry.case_sensitive, entry.whole_words
        case = self._case_sensitive if case is None else case
        whole = self._whole_words if whole is None else whole

        def keys(texts: Iterable[str]) -> tuple[Key, ...]:
            return tuple(self._key(text, case, whole) for text in texts)

        return CompiledEntry(
            self._book.name,
            at,
            original,
            entry,
            decorators,
            keys=keys(entry.keys),
            secondary=keys(entry.secondary_keys) if entry.selective else (),
            additional=keys(decorators.additional_keys),
            excluded=keys(decorators.exclude_keys),
            case_sensitive=case,
            whole_words=whole,
            groups=tuple(each.strip() for each in entry.group.split(",") if each.strip()),
            remembered_as=self._remembered_as(original, decorators),
        )

    def _key(self, text: str, case: bool, whole: bool) -> Key:  # noqa: FBT001
        if "{{" in text or "<" in text:
            return Key(text)
        if (pattern := pattern_in(text)) is not None:
            return Key(text, pattern=self._counted(text, pattern))
        spelling = Spelling.of(text, case_sensitive=case, whole_words=whole)
        return Key(text, self._numbers.setdefault(spelling, len(self._numbers)))

    def _counted(self, text: str, pattern: Pattern) -> Pattern:
        self._patterns += 1
        if self._patterns <= MOST_PATTERNS:
            return pattern
        return refused(text, say("the book has more than {most} patterns", most=MOST_PATTERNS))

    def _remembered_as(self, entry: LoreEntry, decorators: Decorators) -> str:
        if not (entry.sticky or entry.cooldown or decorators.remembers):
            return ""
        whole = json.dumps([self._book.name, world_entry_of(entry)], sort_keys=True)
        return hashlib.blake2b(whole.encode(), digest_size=12).hexdigest()


def _always(each: CompiledEntry) -> bool:
    entry = each.entry
    marked = entry.constant or each.decorators.activate
    return marked or any(key.number < 0 for key in each.keys)


def _placed(entry: LoreEntry, decorators: Decorators) -> LoreEntry:
    """Where the decorators put it. How deep `reverse_depth` is only a scan knows."""
    if decorators.role is not None:
        entry = replace(entry, role=decorators.role)
    if decorators.scan_depth is not None:
        entry = replace(entry, scan_depth=decorators.scan_depth)
    if decorators.position is not None:
        return replace(entry, position=decorators.position)
    if decorators.depth is not None:
        return replace(entry, position=Position.AT_DEPTH, depth=decorators.depth)
    if decorators.reverse_depth is not None:
        return replace(entry, position=Position.AT_DEPTH)
    return entry
