"""One turn at a time a channel, and no more than so many in the whole process."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

from roleplay.conversation import Conversation
from roleplay.errors import RoleForgeError
from roleplay.stopping import StopSignal
from roleplay.transcript import Turn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An accepted turn; `parent_id` is the channel that a thread inherits from."""

    turn: Turn
    parent_id: int | None


Errand = Callable[[], Awaitable[None]]
"""Work that must not meet a turn of its channel: other variants, deletions. Asks no model."""


@dataclass(slots=True)
class Line:
    """A channel's turns: those that wait, by id, and the trigger and stop of the one that runs.

    Errands stand among them under numbers below 0.
    """

    waiting: OrderedDict[int, Waiting | Errand] = field(
        default_factory=OrderedDict[int, Waiting | Errand]
    )
    errands: int = 0
    trigger: int = 0
    stop: StopSignal | None = None


class Turns:
    """Runs accepted turns in tasks of the given group, in order within a channel.

    A worker lives as long as its channel has turns waiting, so that idle channels cost nothing.
    """

    def __init__(
        self, conversation: Conversation, tasks: asyncio.TaskGroup, most_at_once: int
    ) -> None:
        self._conversation = conversation
        self._tasks = tasks
        self._slots = asyncio.Semaphore(most_at_once)
        self._lines: dict[int, Line] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._asides = 0
        self._closed = False

    def wake(self, turn: Turn, parent_id: int | None) -> None:
        """A turn is accepted, or one that waits has grown: that one keeps its place."""
        if not self._closed:
            self._line(turn.channel_id).waiting[turn.id] = Waiting(turn, parent_id)

    def run(self, channel_id: int, errand: Errand) -> None:
        """Do it in the channel's order, beside no turn."""
        if self._closed:
            return
        line = self._line(channel_id)
        line.errands += 1
        line.waiting[-line.errands] = errand

    def aside(self, work: Errand) -> None:
        """Do it beside every turn, within the limit of the process: it changes no channel."""
        if self._closed:
            return
        self._asides += 1
        worker = self._tasks.create_task(self._work_aside(work))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    def busy(self, channel_id: int) -> bool:
        """Something is being done in the channel, or waits."""
        return channel_id in self._lines

    def stop(self, channel_id: int) -> bool:
        """Stop the reply that is being written; False when there is none."""
        line = self._lines.get(channel_id)
        if line is None or line.stop is None:
            return False
        line.stop.request()
        return True

    def withdraw(self, channel_id: int, trigger_id: int) -> bool:
        """Stop the answer to this message, leaving nothing of it; False when it is not written."""
        line = self._lines.get(channel_id)
        if line is None or line.stop is None or line.trigger != trigger_id:
            return False
        line.stop.request(traceless=True)
        return True

    def move(self, channel_id: int, trigger_id: int, new_id: int) -> None:
        """Another message stands for the one that the channel's next reply answers."""
        line = self._lines.get(channel_id)
        if line and line.trigger == trigger_id:
            line.trigger = new_id

    def trigger_deleted(self, channel_id: int, discord_ids: Collection[int]) -> None:
        """Nobody wants an answer to a message that was taken back."""
        line = self._lines.get(channel_id)
        if line and line.stop and line.trigger in discord_ids:
            line.stop.request()

    def allow(self, most_at_once: int) -> None:
        """Another limit for the replies that begin from now on; those being written go on."""
        self._slots = asyncio.Semaphore(most_at_once)

    def waiting(self, channel_id: int) -> int:
        """Turns of a channel that have not begun."""
        line = self._lines.get(channel_id)
        return len(line.waiting) if line else 0

    def running(self) -> int:
        """Channels that have a turn running or waiting, and work beside them."""
        return len(self._lines) + self._asides

    async def close(self, grace: float) -> None:
        """Take no more turns, give those that run `grace` seconds, then end them.

        A turn that is ended stays `running` in the transcript and is offered after the next start.
        """
        self._closed = True
        for line in self._lines.values():
            line.waiting.clear()
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=grace)
            for worker in late:
                worker.cancel()

    def _line(self, channel_id: int) -> Line:
        line = self._lines.get(channel_id)
        if line is None:
            line = self._lines[channel_id] = Line()
            worker = self._tasks.create_task(self._work(channel_id, line))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        return line

    async def _work(self, channel_id: int, line: Line) -> None:
        try:
            while line.waiting:
                _, waiting = line.waiting.popitem(last=False)
                if not isinstance(waiting, Waiting):
                    await self._run(channel_id, waiting)
                    continue
                line.trigger, line.stop = waiting.turn.trigger_discord_id, StopSignal()
                async with self._slots:
                    following = await self._take(waiting, line.stop)
                self._come_next(line, following, waiting.parent_id)
                line.stop = None
        finally:
            del self._lines[channel_id]

    async def _work_aside(self, work: Errand) -> None:
        try:
            async with self._slots:
                await self._run(0, work)
        finally:
            self._asides -= 1

    async def _run(self, channel_id: int, errand: Errand) -> None:
        try:
            await errand()
        except RoleForgeError as error:
            log.warning("Channel %d: %s", channel_id, error)
        except Exception:  # a border, as below
            log.exception("An errand in channel %d ended by an unexpected error", channel_id)

    def _come_next(self, line: Line, turns: Sequence[Turn], parent_id: int | None) -> None:
        """Before all that waits. Once closed, nothing comes: they stay in the transcript."""
        for turn in () if self._closed else reversed(turns):
            line.waiting[turn.id] = Waiting(turn, parent_id)
            line.waiting.move_to_end(turn.id, last=False)

    async def _take(self, waiting: Waiting, stop: StopSignal) -> Sequence[Turn]:
        try:
            return await self._conversation.take(waiting.turn.id, waiting.parent_id, stop)
        except Exception:  # a border: one broken turn must not end the others
            log.exception("Turn %d ended by an unexpected error", waiting.turn.id)
            return ()
