"""How many tokens a text is, where no tokenizer is at hand: a rule of thumb that learns.

The rule weighs three classes of script. What a server later counts for a whole prompt corrects the
weights of that profile, as a moving average.
"""

import math
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roleplay.chat import Role

MESSAGE_TOKENS = 5
"""What a chat template adds around one message: role, markers, line ends, as in ChatML."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """Tokens that a prompt's format adds: once, and around each message by its role."""

    once: int
    around: Mapping[Role, int]


CHAT = Overhead(MESSAGE_TOKENS, dict.fromkeys(("system", "user", "assistant"), MESSAGE_TOKENS))
"""Where the server writes the format: of unknown kind, so as ChatML."""

LEARNING_RATE = 0.3

PLAUSIBLE = (0.4, 3.0)
"""Counted / estimated. Outside it the count means something else, as with servers that leave out
the tokens they had in their cache."""

RATIO_BOUNDS = (0.3, 4.0)

_CJK = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"
)
_FOREIGN = bytes(range(0x80, 0x100))
_LETTERS_AND_SPACES = string.ascii_letters.encode() + b" "


@dataclass(frozen=True, slots=True)
class Weight:
    """A text's tokens by the rule of thumb, by script class."""

    words: float = 0.0
    cjk: float = 0.0
    other: float = 0.0


@dataclass(frozen=True, slots=True)
class Ratios:
    """What each class of a `Weight` is multiplied by for one profile."""

    words: float = 1.0
    cjk: float = 1.0
    other: float = 1.0


def weigh(text: str) -> Weight:
    """Tuned on English prose; elsewhere a middle way between vocabularies, to be learned from.

    A vocabulary made for English takes twice as many tokens for Japanese, one made for both fewer.
    Works on bytes, because a prompt of hundreds of messages is weighed before every reply.
    """
    rest, cjk = (text, 0) if text.isascii() else _CJK.subn("", text)
    data = rest.encode("utf-8", "replace")
    plain = data.translate(None, _FOREIGN)
    marks = plain.translate(None, _LETTERS_AND_SPACES)
    letters = len(plain) - len(marks) - plain.count(b" ")
    return Weight(
        words=0.3 * len(rest.split()) + 0.2 * letters,
        cjk=0.9 * cjk,
        other=0.8 * len(marks) + 0.25 * (len(data) - len(plain)),
    )


def total(weights: Iterable[Weight]) -> Weight:
    words = cjk = other = 0.0
    for weight in weights:
        words += weight.words
        cjk += weight.cjk
        other += weight.other
    return Weight(words, cjk, other)


def estimate(weight: Weight, ratios: Ratios) -> int:
    """Tokens, rounded up."""
    return math.ceil(
        weight.words * ratios.words + weight.cjk * ratios.cjk + weight.other * ratios.other
    )


def learn(ratios: Ratios, weight: Weight, counted: int, rate: float = LEARNING_RATE) -> Ratios:
    """The ratios after a server counted `counted` tokens for text of that weight.

    Each class moves by its share of the text: a Japanese chat teaches nothing about English.
    """
    guess = estimate(weight, ratios)
    if not guess or not PLAUSIBLE[0] <= counted / guess <= PLAUSIBLE[1]:
        return ratios
    off = counted / guess - 1

    def moved(ratio: float, part: float) -> float:
        share = part * ratio / guess
        return min(max(ratio * (1 + rate * share * off), RATIO_BOUNDS[0]), RATIO_BOUNDS[1])

    return Ratios(
        words=moved(ratios.words, weight.words),
        cjk=moved(ratios.cjk, weight.cjk),
        other=moved(ratios.other, weight.other),
    )
