"""Which Discord call goes out next, and when: pure, on a clock that is passed in as numbers.

Discord allows 50 requests a second in all, and per channel about 5 of one kind in 5 seconds. Text
must get through; typing and the edits while a reply grows are worth only what is left over.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum

EPSILON = 1e-6
"""Requests and seconds: what rounding may lose."""


class Priority(IntEnum):
    """What a call is worth, the most first.

    NOTICE, for notices and answers to commands, stands beside FIRST. EDIT and TYPING are luxuries:
    they go out while no text could and rate is to spare.
    """

    FINAL = 0
    FIRST = 1
    NOTICE = 2
    EDIT = 3
    TYPING = 4


PATIENCE = {Priority.FINAL: 0.0, Priority.FIRST: 2.0, Priority.NOTICE: 2.0}
"""Seconds for which better texts that come later may overtake. So a text ages and never starves."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Counts and seconds.

    `rate` requests a second go out evenly, after a rest `burst` of them at once: 45 in any second,
    and the rest of Discord's 50 for what arrives there bunched. A luxury leaves `spare` of the
    burst to texts. Growing replies are edited once in `edit_spacing` per channel: four in 5 seconds
    leave room for the final edit. Typing that waited for `typing_life` is not worth sending.
    """

    rate: float = 43.0
    burst: int = 3
    spare: int = 1
    edit_spacing: float = 1.25
    typing_life: float = 3.0


@dataclass(eq=False, frozen=True, slots=True)
class Entry:
    """A waiting call: `key` names what it writes to, `run` sends it."""

    priority: Priority
    channel_id: int
    key: Hashable
    since: float
    run: Callable[[], Awaitable[None]]

    @property
    def is_luxury(self) -> bool:
        return self.priority >= Priority.EDIT

    @property
    def lane(self) -> tuple[int, bool]:
        """Calls of one lane go out one after the other; typing has its own, to delay no text."""
        return (self.channel_id, self.priority is Priority.TYPING)


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing goes out now; look again after `seconds`, None: when something has changed."""

    seconds: float | None = None


@dataclass(slots=True)
class Schedule:
    """The waiting calls. Every `now` is in seconds and none is before the last."""

    rules: Rules = field(default_factory=Rules)
    _texts: list[Entry] = field(default_factory=list[Entry])
    _luxuries: dict[Hashable, Entry] = field(default_factory=dict[Hashable, Entry])
    _busy: set[tuple[int, bool]] = field(default_factory=set[tuple[int, bool]])
    _edited: dict[int, float] = field(default_factory=dict[int, float])
    _tokens: float = 0.0
    _refilled_at: float = float("-inf")
    _held_until: float = float("-inf")

    def add(self, entry: Entry) -> None:
        """A luxury that waits on the same key makes way."""
        self.withdraw(entry.key)
        if entry.is_luxury:
            self._luxuries[entry.key] = entry
        else:
            self._texts.append(entry)

    def withdraw(self, key: Hashable) -> None:
        """Forget the luxury that waits on `key`, if any."""
        self._luxuries.pop(key, None)

    def cancel(self, entry: Entry) -> None:
        """Forget a text that nobody waits for any more, unless it has gone out."""
        if entry in self._texts:
            self._texts.remove(entry)

    def hold(self, until: float) -> None:
        """Let nothing out before then."""
        self._held_until = max(self._held_until, until)

    def done(self, entry: Entry) -> None:
        """A call that `next` gave out has ended: the next of its lane may go."""
        self._busy.discard(entry.lane)

    def next(self, now: float) -> Entry | Wait:
        """The call to start at once, or how long to wait."""
        self._refill(now)
        if now < self._held_until:
            return Wait(self._held_until - now)
        if not self._texts and not self._luxuries:
            return Wait()
        if wait := self._until_tokens(1):
            return Wait(wait)
        texts = [entry for entry in self._texts if entry.lane not in self._busy]
        if not texts:
            return self._next_luxury(now)
        best = min(texts, key=_due)
        self._texts.remove(best)
        return self._start(best)

    def _next_luxury(self, now: float) -> Entry | Wait:
        self._drop_stale_typing(now)
        free = [entry for entry in self._luxuries.values() if entry.lane not in self._busy]
        if not free:
            return Wait()
        wait = max(self._until_tokens(1 + self.rules.spare), min(map(self._ready_at, free)) - now)
        if wait > EPSILON:
            return Wait(wait)
        ready = [entry for entry in free if self._ready_at(entry) <= now + EPSILON]
        best = min(ready, key=lambda entry: (entry.priority, entry.since))
        self.withdraw(best.key)
        if best.priority is Priority.EDIT:
            recent = {c: at for c, at in self._edited.items() if at + self.rules.edit_spacing > now}
            self._edited = recent | {best.channel_id: now}
        return self._start(best)

    def _ready_at(self, entry: Entry) -> float:
        if entry.priority is Priority.TYPING:
            return entry.since
        last = self._edited.get(entry.channel_id, float("-inf"))
        return max(entry.since, last + self.rules.edit_spacing)

    def _drop_stale_typing(self, now: float) -> None:
        for entry in list(self._luxuries.values()):
            if entry.priority is Priority.TYPING and now - entry.since > self.rules.typing_life:
                self.withdraw(entry.key)

    def _start(self, entry: Entry) -> Entry:
        self._tokens -= 1
        self._busy.add(entry.lane)
        return entry

    def _refill(self, now: float) -> None:
        earned = (now - self._refilled_at) * self.rules.rate
        self._tokens = min(self._tokens + earned, float(self.rules.burst))
        self._refilled_at = now

    def _until_tokens(self, count: int) -> float:
        missing = count - self._tokens
        return missing / self.rules.rate if missing > EPSILON else 0.0


def _due(entry: Entry) -> float:
    return entry.since + PATIENCE[entry.priority]
