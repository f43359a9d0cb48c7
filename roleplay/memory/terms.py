"""Which words of the newest messages are worth looking for in the older ones."""

import re
from collections.abc import Collection, Sequence

from roleplay.transcript import StoredMessage

WORD = re.compile(r"[^\W_]+")

NEWEST = 3
"""Messages whose words are sought."""

MOST = 6
"""Words."""

SHORTEST = 4
"""Letters of a word in a script that is written with spaces."""

COMMON = frozenset(
    """
    about again also always another anything around asks away back because been before behind
    being both came cannot come comes could didn does doesn doing don done down each else even
    ever every everything eyes face feel feels find first from gets give gives going gonna good
    hand hands have having head hello here herself himself into isn itself just keep know knows
    last later left like little long look looking looks made make makes many maybe mean more most
    much must myself need never next nods nothing okay once only other over please pretty quite
    rather really right said same says seems shall should slowly smile smiles some someone
    something soon sorry still such sure take takes talk tell than thank thanks that their them
    themselves then there these they thing things think this those though through time toward
    towards turns under until upon very voice wait want wants wasn well went were what when where
    which while will with without word words would yeah your yours yourself
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""Words that nearly every English message has; those of other languages weigh little by number."""


def terms_of(history: Sequence[StoredMessage], names: Collection[str] = ()) -> list[str]:
    """At most `MOST`, longest first: rare words are long ones. `names` stand everywhere."""
    everywhere = {word for name in names for word in WORD.findall(name.casefold())}
    found: dict[str, None] = {}
    for message in reversed(history[-NEWEST:]):
        for word in WORD.findall(message.text.casefold()):
            if _telling(word) and word not in everywhere:
                found.setdefault(word)
    return sorted(found, key=len, reverse=True)[:MOST]


def _telling(word: str) -> bool:
    if not word.isascii():
        return len(word) > 1
    return len(word) >= SHORTEST and word not in COMMON
