"""What is learned from real traffic, beside the turn and never in its way."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from bot.costs import Costs
from roleplay.chat import Attempt, ChatReply
from roleplay.counting import TokenCounting
from roleplay.monitor import Monitor
from roleplay.scene import Scene
from roleplay.transcript import StoredMessage

log = logging.getLogger(__name__)


class Gauge(Protocol):
    """Adds up what traffic is like. Returns at once and never raises."""

    def attempted(self, attempt: Attempt) -> None: ...

    def answered(self, reply: ChatReply) -> None: ...


class TrafficWatcher:
    """A `roleplay.conversation.Watcher`: health hears of each request, the history is counted.

    The reply's tokens are stored with it; what they cost is added here. `told` hear of each answer
    and return at once.
    """

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        monitor: Monitor,
        counting: TokenCounting,
        costs: Costs,
        *,
        gauges: Sequence[Gauge] = (),
        told: Sequence[Callable[[Scene], None]] = (),
    ) -> None:
        self._tasks = tasks
        self._monitor = monitor
        self._counting = counting
        self._costs = costs
        self._gauges = gauges
        self._told = told

    def attempted(self, attempt: Attempt) -> None:
        for gauge in self._gauges:
            gauge.attempted(attempt)
        self._later(self._monitor.observe(attempt))

    def answered(self, scene: Scene, messages: Sequence[StoredMessage], reply: ChatReply) -> None:
        for gauge in self._gauges:
            gauge.answered(reply)
        for tell in self._told:
            tell(scene)
        self._later(self._counting.count(messages, reply.served_by))
        self._later(self._costs.settle(reply.served_by))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.create_task(_guarded(work))


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # a border: learning must not end the program
        log.exception("Something could not be learned from a turn")
