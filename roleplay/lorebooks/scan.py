"""Which entries of the books join the prompt, by SillyTavern's rules."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.checks import Checks, Fails, Fires, Pass
from roleplay.lorebooks.compiled import CompiledBook, CompiledEntry, Library
from roleplay.lorebooks.groups import Rules, losers
from roleplay.lorebooks.haystack import Haystack
from roleplay.lorebooks.hidden_keys import hidden_keys
from roleplay.lorebooks.result import Activated, ScanResult, Skipped, Timers
from roleplay.lorebooks.settings import LoreSettings, Strategy
from roleplay.lorebooks.surroundings import Surroundings
from roleplay.lorebooks.timing import Timing
from roleplay.phrases import say

Scope = Literal["chat", "character", "global"]

RANKS: dict[Strategy, dict[Scope, int]] = {
    "evenly": {"chat": 0, "global": 1, "character": 1},
    "character_first": {"chat": 0, "character": 1, "global": 2},
    "global_first": {"chat": 0, "global": 1, "character": 2},
}
"""Whose entries take from the budget first. The chat's always do."""


def scan(
    books: Sequence[tuple[Lorebook, Scope]],
    around: Surroundings,
    settings: LoreSettings,
    timers: Timers,
    *,
    window: int,
    roll: random.Random,
    count: Callable[[str], int],
    expand: Callable[[str], str] = str,
    library: Library | None = None,
) -> ScanResult:
    """`window` is the context in tokens, `count` tells those of a text.

    `expand` replaces macros in keys and contents. Without the `timers` that a former scan of this
    chat returned nothing is sticky and nothing cools down. `library` remembers the books made
    ready; without one that is done anew.
    """
    shelf = _shelf(books, settings, library or Library())
    haystack = Haystack(around, settings, expand)
    tools = _Tools(settings, roll, count, expand, settings.budget(window))
    return _Scan(shelf, around, haystack, Timing(timers, around.length), tools).run()


@dataclass(frozen=True, slots=True)
class _Place:
    """A book among the others; `rank` and `tie` say where its entries stand in order."""

    book: CompiledBook
    rank: int
    tie: int


@dataclass(frozen=True, slots=True)
class _Tools:
    settings: LoreSettings
    roll: random.Random
    count: Callable[[str], int]
    expand: Callable[[str], str]
    budget: int


@dataclass(slots=True)
class _Found:
    """An entry that fires, on its way into the prompt."""

    entry: CompiledEntry
    place: _Place
    fires: Fires
    sticky: bool
    content: str = ""
    tokens: int = 0
    order: tuple[float, ...] = field(default=())


def _shelf(
    books: Sequence[tuple[Lorebook, Scope]], settings: LoreSettings, library: Library
) -> list[_Place]:
    ranks, case, whole = RANKS[settings.strategy], settings.case_sensitive, settings.whole_words
    ties: dict[Scope, int] = {"chat": 0, "global": 0, "character": len(books)}
    return [
        _Place(
            library.compiled(book, case_sensitive=case, whole_words=whole),
            ranks[scope],
            ties[scope] + at,
        )
        for at, (book, scope) in enumerate(books)
    ]


class _Scan:
    def __init__(
        self,
        shelf: list[_Place],
        around: Surroundings,
        haystack: Haystack,
        timing: Timing,
        tools: _Tools,
    ) -> None:
        self._shelf = shelf
        self._around = around
        self._haystack = haystack
        self._timing = timing
        self._tools = tools
        self._checks = Checks(around, haystack, timing, recursive=tools.settings.recursive)
        self._levels = sorted({level for each in shelf for level in each.book.levels})
        self._level = self._levels.pop(0) if self._levels else 0
        self._active: dict[CompiledEntry, _Found] = {}
        self._skipped: dict[CompiledEntry, Skipped] = {}
        self._rolled: set[CompiledEntry] = set()
        self._used = 0
        self._full = False

    def run(self) -> ScanResult:
        now: Pass | None = Pass(level=self._level)
        most, rounds = self._tools.settings.max_recursion_steps, 0
        while now and not (most and rounds >= most):
            rounds += 1
            new = self._without_losers(self._search(now), now)
            now = self._next(now, self._admit(new))
        return self._result()

    def _search(self, now: Pass) -> list[_Found]:
        """The entries that fire now: sticky ones first, then by order."""
        found: list[_Found] = []
        for place in self._shelf:
            for at in self._looked_at(place.book, now):
                entry = place.book.entries[at]
                if entry in self._active or entry in self._rolled:
                    continue
                outcome = self._checks.check(entry, place.book, now)
                if isinstance(outcome, Fires):
                    found.append(self._found(entry, place, outcome))
                elif outcome:
                    self._skip(entry, outcome)
        return sorted(found, key=lambda each: each.order)

    def _looked_at(self, book: CompiledBook, now: Pass) -> Iterable[int]:
        with_keys = self._haystack.candidates(book, recursion=not now.min_activations)
        return with_keys.union(book.always, self._timing.lasting(book.lasting))

    def _found(self, entry: CompiledEntry, place: _Place, fires: Fires) -> _Found:
        sticky = self._timing.effect(entry) == "sticky"
        order = (not sticky, place.rank, -entry.entry.order, place.tie, entry.at)
        return _Found(entry, place, fires, sticky, order=order)

    def _without_losers(self, found: list[_Found], now: Pass) -> list[_Found]:
        places = {each.entry: each.place for each in found if each.entry.groups}
        if not places:
            return found
        rules = Rules(
            frozenset(group for entry in self._active for group in entry.groups),
            lambda entry: self._timing.effect(entry) == "sticky",
            lambda entry: self._checks.score(entry, places[entry].book, now),
            self._tools.settings.group_scoring,
            self._tools.roll,
        )
        lost = losers(list(places), rules)
        for entry, winner in lost.items():
            self._skip(entry, Fails("group", say("lost to {winner}", winner=winner)))
        return [each for each in found if each.entry not in lost]

    def _admit(self, found: list[_Found]) -> list[_Found]:
        """Roll, and fill the budget in order: the first that overflows it ends it for all others.

        Returns those that may set off others.
        """
        passed: list[_Found] = []
        for each in found:
            own = each.entry.entry
            if self._full and not own.ignore_budget:
                self._skip(each.entry, Fails("budget", say("the budget was full before it")))
            elif not self._lucky(each):
                self._rolled.add(each.entry)
                self._skip(each.entry, Fails("probability", f"{own.probability:g} %"))
            elif self._fits(each):
                self._active[each.entry] = each
                self._skipped.pop(each.entry, None)
                passed.append(each)
        return [each for each in passed if not each.entry.entry.prevent_recursion]

    def _lucky(self, found: _Found) -> bool:
        own = found.entry.entry
        if not own.use_probability or own.probability >= 100 or found.sticky:
            return True
        return self._tools.roll.random() * 100 < own.probability

    def _fits(self, found: _Found) -> bool:
        """What is left out takes nothing from the budget; it only closes it."""
        found.content = self._tools.expand(found.entry.entry.content)
        found.tokens = self._tools.count(f"{found.content}\n")
        with_it = self._used + found.tokens
        if with_it >= self._tools.budget and not found.entry.entry.ignore_budget:
            self._full = True
            text = say(
                "{tokens} tokens with it, of {most}", tokens=with_it, most=self._tools.budget
            )
            self._skip(found.entry, Fails("budget", text))
            return False
        self._used = with_it
        return True

    def _skip(self, entry: CompiledEntry, fails: Fails) -> None:
        self._skipped[entry] = Skipped(entry.book, entry.original, fails.why, fails.detail)

    def _next(self, now: Pass, new: list[_Found]) -> Pass | None:
        """The next round, if any; only then the texts of this one are looked at."""
        settings, haystack = self._tools.settings, self._haystack
        following: Pass | None = None
        recursing = settings.recursive and not self._full
        if recursing and (new or (now.min_activations and haystack.recursed)):
            following = Pass(recursion=True, level=self._level)
        elif not self._full and self._too_few():
            haystack.depth += 1
            following = Pass(min_activations=True, level=self._level)
        elif self._levels:
            self._level = self._levels.pop(0)
            following = Pass(recursion=True, level=self._level)
        if following:
            haystack.recursed += [(each.entry.entry.title, _scanned(each)) for each in new]
        return following

    def _too_few(self) -> bool:
        """Whether another message should be looked at for the sake of `min_activations`."""
        settings, depth = self._tools.settings, self._haystack.depth
        if settings.max_recursion_steps or len(self._active) >= settings.min_activations:
            return False
        deepest = settings.min_activations_depth
        return not (deepest and depth > deepest) and depth <= len(self._around.lines)

    def _result(self) -> ScanResult:
        """Higher orders nearer to the end; of equal ones the first to fire is the last."""
        ordered = sorted(self._active.values(), key=lambda each: -each.entry.entry.order)
        entries = sum(len(each.book.entries) for each in self._shelf)
        skipped = [each for entry, each in self._skipped.items() if entry not in self._active]
        return ScanResult(
            activated=tuple(self._activated(each) for each in reversed(ordered) if each.content),
            skipped=tuple(skipped),
            unmatched=entries - len(self._active) - len(skipped),
            timers=self._timing.after(self._active),
            budget=self._tools.budget,
            tokens=self._used,
        )

    def _activated(self, found: _Found) -> Activated:
        own, marks = found.entry.entry, found.entry.decorators
        return Activated(
            book=found.entry.book,
            entry=found.entry.original,
            content=found.content,
            position=own.position,
            depth=self._depth(found.entry),
            role=own.role,
            outlet=own.outlet,
            tokens=found.tokens,
            why=found.fires.why,
            key=found.fires.key,
            source=found.fires.source,
            ignores_full=marks.ignore_on_max_context,
        )

    def _depth(self, entry: CompiledEntry) -> int:
        marks = entry.decorators
        if marks.depth is None and marks.reverse_depth is not None:
            return max(self._around.length - marks.reverse_depth, 0)
        return entry.entry.depth


def _scanned(found: _Found) -> str:
    """What other entries are set off by: the text, and V3's keys that are hidden in it."""
    return "\n".join([found.content, *hidden_keys(found.entry.entry.content)])
