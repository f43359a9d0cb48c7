"""Thousands of plain keys, found in one pass over a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_letters, digits

from ahocorasick_rs import AhoCorasick

WORD = frozenset(ascii_letters + digits + "_")
"""What JavaScript's `\\w` means, so that a key is whole here where it is in SillyTavern."""

STRETCH = 1000
"""Characters looked at in one call, which bounds what a text made to match often can cost."""

AT_ONCE = 5_000
"""Keys of one automaton: the time to build one grows faster than its keys."""

MOST_MATCHES = 50_000
"""In one text; beyond that the keys that are left are looked for one by one."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a key is looked for. `text` is in lower case where the case does not count."""

    text: str
    case_sensitive: bool
    whole: bool

    @staticmethod
    def of(key: str, *, case_sensitive: bool, whole_words: bool) -> "Spelling":
        """Only a key of one word is looked for as a whole word."""
        text = key if case_sensitive else key.lower()
        return Spelling(text, case_sensitive, whole_words and len(text.split()) == 1)

    def found(self, text: str) -> bool:
        """`text` is in lower case where the case does not count."""
        if not self.whole:
            return self.text in text
        at = text.find(self.text)
        while at >= 0:
            if is_whole(text, at, at + len(self.text)):
                return True
            at = text.find(self.text, at + 1)
        return False


def is_whole(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1] in WORD) and not (end < len(text) and text[end] in WORD)


class KeyIndex:
    """Spellings by number, in the order given."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        numbered = list(enumerate(spellings))
        self._folded = _automata([each for each in numbered if not each[1].case_sensitive])
        self._exact = _automata([each for each in numbered if each[1].case_sensitive])

    def find(self, text: str) -> frozenset[int]:
        """The numbers of those that are in the text."""
        folded = text.lower() if self._folded else ""
        found = [machine.find(folded) for machine in self._folded]
        return frozenset[int]().union(*found, *(machine.find(text) for machine in self._exact))


def _automata(spellings: "list[_Numbered]") -> "list[_Automaton]":
    starts = range(0, len(spellings), AT_ONCE)
    return [_Automaton(spellings[start : start + AT_ONCE]) for start in starts]


_Numbered = tuple[int, Spelling]


class _Automaton:
    """Each text once, though it may stand for a whole word and for any place."""

    def __init__(self, spellings: list[_Numbered]) -> None:
        self._spellings = spellings
        texts = dict.fromkeys(spelling.text for _, spelling in spellings)
        places = {text: at for at, text in enumerate(texts)}
        self._anywhere: list[int | None] = [None] * len(texts)
        self._whole: list[int | None] = [None] * len(texts)
        for number, spelling in spellings:
            kind = self._whole if spelling.whole else self._anywhere
            kind[places[spelling.text]] = number
        self._overlap = max(map(len, texts)) + 1
        self._machine = AhoCorasick(list(texts), store_patterns=False)

    def find(self, text: str) -> set[int]:
        found: set[int] = set()
        matches = 0
        for start in range(0, len(text), STRETCH):
            begin = max(start - self._overlap, 0)
            matches += self._find(text, begin, start + STRETCH, found)
            if matches > MOST_MATCHES:
                return self._one_by_one(text, found)
        return found

    def _find(self, text: str, begin: int, end: int, found: set[int]) -> int:
        """Look at a stretch; a match beyond its end is found in the next one."""
        stretch = text[begin : end + 1]
        matches = self._machine.find_matches_as_indexes(stretch, overlapping=True)
        for place, first, last in matches:
            number = self._anywhere[place]
            if number is not None:
                found.add(number)
            number = self._whole[place]
            if (
                number is not None
                and number not in found
                and is_whole(text, begin + first, begin + last)
            ):
                found.add(number)
        return len(matches)

    def _one_by_one(self, text: str, found: set[int]) -> set[int]:
        left = ((number, each) for number, each in self._spellings if number not in found)
        return found | {number for number, spelling in left if spelling.found(text)}
