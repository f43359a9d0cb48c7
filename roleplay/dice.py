"""Dice as tabletop players write them: `2d6+1`, `4d6kh3`, `d20adv`, `3dF`, `5d10!`."""

import random
import re
from dataclasses import dataclass
from typing import Literal

from roleplay.errors import DiceError
from roleplay.phrases import say

MOST_DICE = 100
MOST_SIDES = 10_000
MOST_TERMS = 20
MOST_NUMBER = 1_000_000
MOST_EXPLOSIONS = 100

TERM = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<count>\d*)d(?P<sides>\d+|f|%)(?P<explodes>!?)"
    r"(?:(?P<twice>adv|dis)|(?P<rule>kh|kl|dh|dl|k|d)(?P<kept>\d*))?|(?P<number>\d+))",
    re.IGNORECASE,
)

Rule = Literal["kh", "kl", "dh", "dl"]
"""Keep or drop the highest or the lowest."""

FATE = 0
"""Sides of a Fate die: -1, 0 or +1."""


@dataclass(frozen=True, slots=True)
class Die:
    """One die that was thrown; a dropped one does not count."""

    value: int
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a roll: dice, or a number alone. `sign` is 1 or -1."""

    sign: int
    number: int = 0
    count: int = 0
    sides: int = FATE
    explodes: bool = False
    rule: Rule = "kh"
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Rolled:
    """A roll and what came of it. `dice` has the dice of each part, none for a number."""

    terms: tuple[Term, ...]
    dice: tuple[tuple[Die, ...], ...]

    @property
    def total(self) -> int:
        return sum(
            term.sign * (term.number + sum(die.value for die in dice if not die.dropped))
            for term, dice in zip(self.terms, self.dice, strict=True)
        )

    @property
    def shown(self) -> str:
        """`3 + 5 + 1`, dropped dice struck through as in Markdown; "" for a single die."""
        pieces = [
            piece
            for term, dice in zip(self.terms, self.dice, strict=True)
            for piece in _pieces(term, dice)
        ]
        return " ".join(pieces).removeprefix("+ ") if len(pieces) > 1 else ""


def roll(written: str, rng: random.Random) -> Rolled:
    """Throw what is written; a number alone is a die with so many sides.

    Raises:
        DiceError: it is no roll, or a larger one than anybody needs.
    """
    terms = parse(written)
    return Rolled(terms, tuple(_throw(term, rng) for term in terms))


def parse(written: str) -> tuple[Term, ...]:
    """The parts of a roll. Raises `DiceError`."""
    text = "".join(written.split())
    if text.isdecimal():
        text = f"d{text}"
    terms, at = list[Term](), 0
    while at < len(text):
        found = TERM.match(text, at)
        if found is None or (terms and not found["sign"]):
            raise _bad(say("“{part}” is no dice.", part=text[at:][:40]))
        terms.append(_term(found))
        at = found.end()
        if len(terms) > MOST_TERMS:
            raise _bad(say("That is more than {most} parts.", most=MOST_TERMS))
    if not terms:
        raise _bad(say("There is nothing to roll."))
    return tuple(terms)


def _term(found: re.Match[str]) -> Term:
    sign = -1 if found["sign"] == "-" else 1
    if found["number"]:
        return Term(sign, number=_bounded(found["number"], 0, MOST_NUMBER))
    count = _bounded(found["count"] or "1", 1, MOST_DICE)
    rule, chosen = _rule(found, count)
    count = 2 if found["twice"] else count
    sides = _sides(found["sides"].lower())
    explodes = bool(found["explodes"])
    if explodes and sides < 2:
        raise _bad(say("A die with one side, or a Fate die, cannot explode."))
    return Term(sign, 0, count, sides, explodes, rule, chosen)


def _rule(found: re.Match[str], count: int) -> tuple[Rule, int | None]:
    if twice := (found["twice"] or "").lower():
        if count != 1:
            raise _bad(say("adv and dis are for one die."))
        return ("kh" if twice == "adv" else "kl"), 1
    written = (found["rule"] or "").lower()
    if not written:
        return "kh", None
    chosen = _bounded(found["kept"] or "1", 1, count)
    rules: dict[str, Rule] = {"k": "kh", "d": "dl", "kh": "kh", "kl": "kl", "dh": "dh", "dl": "dl"}
    return rules[written], chosen


def _sides(written: str) -> int:
    if written == "f":
        return FATE
    return 100 if written == "%" else _bounded(written, 1, MOST_SIDES)


def _bounded(written: str, least: int, most: int) -> int:
    number = int(written) if len(written) <= len(str(MOST_NUMBER)) else MOST_NUMBER + 1
    if not least <= number <= most:
        raise _bad(
            say(
                "{number} is not between {least} and {most}.",
                number=written[:12],
                least=least,
                most=most,
            )
        )
    return number


def _throw(term: Term, rng: random.Random) -> tuple[Die, ...]:
    values = [value for _ in range(term.count) for value in _values(term, rng)]
    if term.chosen is None:
        return tuple(map(Die, values))
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    if term.rule in ("kh", "dh"):
        order.reverse()
    chosen = set(order[: term.chosen])
    keeps = term.rule in ("kh", "kl")
    return tuple(Die(value, (place in chosen) != keeps) for place, value in enumerate(values))


def _values(term: Term, rng: random.Random) -> list[int]:
    """One die, and further ones as long as it shows its highest side where it explodes."""
    if term.sides == FATE:
        return [rng.randint(-1, 1)]
    values = [rng.randint(1, term.sides)]
    while term.explodes and values[-1] == term.sides and len(values) < MOST_EXPLOSIONS:
        values.append(rng.randint(1, term.sides))
    return values


def _pieces(term: Term, dice: tuple[Die, ...]) -> list[str]:
    sign = "-" if term.sign < 0 else "+"
    if not term.count:
        return [f"{sign} {term.number}"]
    return [f"{sign} ~~{die.value}~~" if die.dropped else f"{sign} {die.value}" for die in dice]


def _bad(message: str) -> DiceError:
    return DiceError(message, hint=say("Write dice like 2d6+1, 4d6kh3, d20adv, 3dF or d%."))
