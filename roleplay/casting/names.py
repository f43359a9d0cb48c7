"""Which characters a text names."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

WORD = re.compile(r"\w+")

UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
"""Thai, Lao, Burmese, Khmer, kana and Han: written without spaces between words."""

PARTICLES = frozenset(
    {"a", "an", "and", "da", "de", "del", "der", "di", "el", "la", "le", "of", "the", "van", "von"}
)
"""Words of many names that call nobody: "the Baron" is called by "Baron"."""


def named(text: str, names: Sequence[Collection[str]]) -> Iterator[int]:
    """Indexes into `names`, each character's own, in the order in which the text names them.

    Any whole word of a name is enough, in any case. A word that two characters share calls the
    first of them. An index may come more than once.
    """
    owners = _owners(names)
    if not owners:
        return
    longest_first = sorted(owners, key=len, reverse=True)
    pattern = re.compile("|".join(map(_bounded, longest_first)))
    for match in pattern.finditer(text.casefold()):
        yield owners[match[0]]


def _owners(names: Sequence[Collection[str]]) -> Mapping[str, int]:
    owners: dict[str, int] = {}
    for index, own in enumerate(names):
        for word in _words(own):
            owners.setdefault(word, index)
    return owners


def _words(names: Iterable[str]) -> Iterator[str]:
    """The words that call; a name that has none, such as an emoji, calls as a whole."""
    for name in names:
        words = WORD.findall(name.casefold())
        telling = [word for word in words if word not in PARTICLES]
        yield from telling or words or ([name.strip()] if name.strip() else [])


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    if UNSPACED.search(word) or not WORD.search(word):
        return escaped
    return rf"(?<!\w){escaped}(?!\w)"
