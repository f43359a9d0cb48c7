"""How fast real messages are answered: added up by the minute, stored now and then."""

import logging
from dataclasses import replace

from roleplay.chat import Attempt, ChatReply
from roleplay.errors import StorageError
from roleplay.history import History, Traffic, begin
from roleplay.ports import Clock

log = logging.getLogger(__name__)


class TrafficLedger:
    """A `bot.watcher.Gauge`. What was not yet stored when the program dies is lost: a minute."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._minutes: dict[tuple[str, int], Traffic] = {}

    def attempted(self, attempt: Attempt) -> None:
        minute = begin(self._clock.now(), "minute")
        key = (attempt.profile, minute)
        before = self._minutes.get(key, Traffic(attempt.profile, minute))
        self._minutes[key] = _with(before, attempt)

    def answered(self, reply: ChatReply) -> None:
        """The requests of a reply have been counted one by one."""

    async def store(self) -> None:
        """What could not be stored is kept and comes with the next."""
        waiting, self._minutes = self._minutes, {}
        try:
            await self._history.add(list(waiting.values()), self._clock.now())
        except StorageError as exc:
            log.warning("The times of %d minutes are not stored yet: %s", len(waiting), exc)
            for key, traffic in waiting.items():
                newer = self._minutes.get(key)
                self._minutes[key] = _sum(traffic, newer) if newer else traffic


def _with(before: Traffic, attempt: Attempt) -> Traffic:
    if attempt.outcome != "answered":
        return replace(before, unanswered=before.unanswered + 1)
    first = attempt.first_token_seconds
    return replace(
        before,
        answered=before.answered + 1,
        total=before.total + attempt.seconds,
        first_tokens=before.first_tokens + (first is not None),
        first_token=before.first_token + (first or 0.0),
    )


def _sum(one: Traffic, other: Traffic) -> Traffic:
    return replace(
        one,
        answered=one.answered + other.answered,
        unanswered=one.unanswered + other.unanswered,
        total=one.total + other.total,
        first_tokens=one.first_tokens + other.first_tokens,
        first_token=one.first_token + other.first_token,
    )
