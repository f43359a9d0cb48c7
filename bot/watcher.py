"""What is learned from real traffic, beside the turn and never in its way."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from bot.costs import Costs
from roleplay.chat import Attempt
from roleplay.counting import TokenCounting
from roleplay.monitor import Monitor
from roleplay.scene import Scene
from roleplay.transcript import StoredMessage

log = logging.getLogger(__name__)


class TrafficWatcher:
    """A `roleplay.conversation.Watcher`: health hears of each request, the history is counted.

    The reply's tokens are stored with it; what they cost is added here.
    """

    def __init__(
        self, tasks: asyncio.TaskGroup, monitor: Monitor, counting: TokenCounting, costs: Costs
    ) -> None:
        self._tasks = tasks
        self._monitor = monitor
        self._counting = counting
        self._costs = costs

    def attempted(self, attempt: Attempt) -> None:
        self._later(self._monitor.observe(attempt))

    def answered(self, scene: Scene, messages: Sequence[StoredMessage], profile: str) -> None:
        del scene
        self._later(self._counting.count(messages, profile))
        self._later(self._costs.settle(profile))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.create_task(_guarded(work))


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:  # a border: learning must not end the program
        log.exception("Something could not be learned from a turn")
