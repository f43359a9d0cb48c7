"""Effects that last: sticky, cooldown, and V3's memory of having fired.

An entry that fires at some length of the chat stays for `sticky` more messages, and cools down for
`cooldown` messages after that, or after it fired where it is not sticky. Both follow from when it
fired, so that is all that is remembered.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from roleplay.lorebooks.compiled import CompiledEntry
from roleplay.lorebooks.result import Timer, Timers

Effect = Literal["sticky", "cooldown", "fired"]


class Timing:
    """`length` is how many messages the chat has now."""

    def __init__(self, timers: Timers, length: int) -> None:
        self._length = length
        self._timers = {key: timer for key, timer in timers.items() if self._holds(timer)}

    def effect(self, entry: CompiledEntry) -> Effect | None:
        """fired: before, for those that remember it and neither stick nor cool down now."""
        timer = self._timers.get(entry.remembered_as)
        if timer is None:
            return None
        since = self._length - timer.start
        if since <= entry.entry.sticky:
            return "sticky"
        if since <= entry.entry.sticky + entry.entry.cooldown:
            return "cooldown"
        return "fired" if entry.decorators.remembers else None

    def lasting(self, lasting: Mapping[str, int]) -> Iterable[int]:
        """Places of a book's entries that have an effect now; `lasting` is the book's own."""
        return (lasting[key] for key in self._timers if key in lasting)

    def after(self, fired: Iterable[CompiledEntry]) -> Timers:
        """The timers to keep; an entry that fires while an effect holds does not prolong it."""
        begun = {
            each.remembered_as: Timer(self._length, _end(each, self._length))
            for each in fired
            if each.remembered_as
        }
        return {**begun, **self._timers}

    def _holds(self, timer: Timer) -> bool:
        """A chat that is no longer than when it began has lost what began it: a swipe."""
        return timer.start < self._length and (timer.end is None or self._length <= timer.end)


def _end(entry: CompiledEntry, length: int) -> int | None:
    if entry.decorators.remembers:
        return None
    return length + entry.entry.sticky + entry.entry.cooldown
