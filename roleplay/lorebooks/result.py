"""What a scan found, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from roleplay.chat import Role
from roleplay.lorebooks.book import LoreEntry, Position

Why = Literal["key", "constant", "sticky", "decorator"]

WhyNot = Literal[
    "secondary keys",
    "probability",
    "cooldown",
    "delay",
    "group",
    "budget",
    "disabled",
    "character",
    "trigger",
    "recursion",
    "decorator",
    "pattern",
]


@dataclass(frozen=True, slots=True)
class Timer:
    """Since and until which length of the chat an entry's effects hold; None: for good."""

    start: int
    end: int | None


Timers = Mapping[str, Timer]
"""By the key of an entry, which an edit of the entry changes."""


@dataclass(frozen=True, slots=True)
class Activated:
    """An entry that joins the prompt. `content` has no decorators left and its macros replaced.

    `depth` and `role` count at the position AT_DEPTH, `outlet` at OUTLET. `key` is the one that
    matched; `source` the title of the entry in whose text it was found, "" for the chat itself.
    `ignores_full`: leave it out first when the prompt does not fit (@@ignore_on_max_context).
    """

    book: str
    entry: LoreEntry
    content: str
    position: Position
    depth: int
    role: Role
    outlet: str
    tokens: int
    why: Why
    key: str = ""
    source: str = ""
    ignores_full: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that nearly joined; `detail` says more, for people: a key, a number, the winner."""

    book: str
    entry: LoreEntry
    why: WhyNot
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """`activated` in the order of the prompt: within a position the first comes first.

    `skipped` has only near misses, `unmatched` counts the entries whose keys were not found.
    `timers` are those to keep for the next scan. `budget` and `tokens` are in tokens.
    """

    activated: tuple[Activated, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unmatched: int = 0
    timers: Timers = field(default_factory=dict[str, Timer])
    budget: int = 0
    tokens: int = 0

    def at(self, position: Position) -> tuple[Activated, ...]:
        return tuple(each for each in self.activated if each.position == position)
