"""What keys are looked for in: the chat, what is beside it, and texts of entries that fired."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from roleplay.lorebooks.book import Source
from roleplay.lorebooks.compiled import CompiledBook, CompiledEntry, Key
from roleplay.lorebooks.key_index import Spelling
from roleplay.lorebooks.patterns import Pattern, pattern_in
from roleplay.lorebooks.settings import MOST_DEPTH, LoreSettings
from roleplay.lorebooks.surroundings import Surroundings

MARK = "\x01"
"""Before each message, as SillyTavern has it: patterns can anchor to a speaker with it."""


class View(NamedTuple):
    """What one entry looks at: so many messages, these sources, so many texts of entries.

    A plain tuple, as it is compared for every key.
    """

    depth: int
    sources: frozenset[Source]
    recursed: int


class Haystack:
    """`depth` is how many messages are looked at where an entry does not say."""

    def __init__(
        self, around: Surroundings, settings: LoreSettings, expand: Callable[[str], str]
    ) -> None:
        names = settings.include_names
        self._lines = [
            (f"{line.name}: {line.text}" if names and line.name else line.text).strip()
            for line in around.lines[:MOST_DEPTH]
        ]
        self._around = around
        self._expand = expand
        self.depth = settings.scan_depth
        self.recursed: list[tuple[str, str]] = []
        self._found: dict[tuple[int, str], frozenset[int]] = {}
        self._views: dict[tuple[int, View], frozenset[int]] = {}
        self._joined: dict[View, bytes] = {}
        self._patterns: dict[tuple[int, View], bool] = {}
        self._replaced: dict[str, tuple[str, Pattern | None]] = {}

    def view(self, entry: CompiledEntry, *, recursion: bool) -> View:
        own = entry.entry.scan_depth
        depth = self.depth if own is None else own
        recursed = len(self.recursed) if recursion else 0
        return View(min(depth, MOST_DEPTH), entry.entry.sources, recursed)

    def candidates(self, book: CompiledBook, *, recursion: bool) -> set[int]:
        """Places of the entries with a plain key that some entry could see."""
        deepest = max(self.depth, book.deepest)
        widest = View(deepest, frozenset(Source), len(self.recursed) if recursion else 0)
        found = self._numbers(book, widest)
        return {at for number in found for at in book.by_key.get(number, ())}

    def has(self, key: Key, entry: CompiledEntry, book: CompiledBook, view: View) -> bool:
        if key.number >= 0:
            return key.number in self._numbers(book, view)
        if key.pattern is not None:
            return self._matches(key.pattern, view)
        text, pattern = self._without_macros(key.text)
        if pattern is not None:
            return self._matches(pattern, view)
        return bool(text) and self._contains(text, entry, view)

    def source(self, key: Key, entry: CompiledEntry, book: CompiledBook, view: View) -> str:
        """The title of the entry in whose text the key was found, "" where it is in the chat."""
        chat = View(view.depth, view.sources, 0)
        if not view.recursed or self.has(key, entry, book, chat):
            return ""
        if key.number >= 0:
            for title, text in self.recursed[: view.recursed]:
                if key.number in self._in_text(book, text):
                    return title
        return self.recursed[view.recursed - 1][0]

    def _parts(self, view: View) -> Iterator[str]:
        yield from self._lines[: view.depth]
        yield from (text for at in Source if at in view.sources and (text := self._of(at)))
        yield from self._around.injected
        yield from (text for _, text in self.recursed[: view.recursed])

    def _of(self, source: Source) -> str:
        return self._around.sources.get(source, "")

    def _numbers(self, book: CompiledBook, view: View) -> frozenset[int]:
        key = id(book), view
        if key not in self._views:
            found: Iterable[frozenset[int]] = (self._in_text(book, t) for t in self._parts(view))
            self._views[key] = frozenset[int]().union(*found)
        return self._views[key]

    def _in_text(self, book: CompiledBook, text: str) -> frozenset[int]:
        key = id(book), text
        if key not in self._found:
            self._found[key] = book.index.find(text)
        return self._found[key]

    def _matches(self, pattern: Pattern, view: View) -> bool:
        key = id(pattern), view
        if key not in self._patterns:
            self._patterns[key] = pattern.found(self._text(view))
        return self._patterns[key]

    def _text(self, view: View) -> bytes:
        if view not in self._joined:
            self._joined[view] = (MARK + f"\n{MARK}".join(self._parts(view))).encode()
        return self._joined[view]

    def _without_macros(self, key: str) -> tuple[str, Pattern | None]:
        if key not in self._replaced:
            text = self._expand(key).strip()
            self._replaced[key] = text, pattern_in(text)
        return self._replaced[key]

    def _contains(self, text: str, entry: CompiledEntry, view: View) -> bool:
        case = entry.case_sensitive
        spelling = Spelling.of(text, case_sensitive=case, whole_words=entry.whole_words)
        return any(spelling.found(part if case else part.lower()) for part in self._parts(view))
