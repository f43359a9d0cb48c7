"""Keeps channels' memories up to date, one after the other, while nothing else has to be done."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from roleplay.errors import RoleForgeError
from roleplay.memory.likeness import Likeness
from roleplay.memory.summariser import Summariser
from roleplay.scene import Scene

log = logging.getLogger(__name__)


class MemoryWorker:
    """A channel waits at most once; `settle` prices what was written.

    What the end of the program cuts off is done after a later turn.
    """

    def __init__(
        self, summariser: Summariser, likeness: Likeness, settle: Callable[[], Awaitable[None]]
    ) -> None:
        self._summariser = summariser
        self._likeness = likeness
        self._settle = settle
        self._waiting: OrderedDict[int, str] = OrderedDict()
        self._wake = asyncio.Event()
        self.idle = True

    def answered(self, scene: Scene) -> None:
        """A turn ended. Returns at once."""
        self._waiting[scene.channel_id] = scene.profile.profile
        self.idle = False
        self._wake.set()

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                channel_id, profile = self._waiting.popitem(last=False)
                await self._consider(channel_id, profile)
            self.idle = True

    async def _consider(self, channel_id: int, profile: str) -> None:
        try:
            if await self._summariser.consider(channel_id, profile) == "written":
                await self._settle()
            await self._likeness.learn(channel_id)
        except RoleForgeError as error:
            log.warning("The memory of channel %d is not up to date: %s", channel_id, error)
        except Exception:  # a border: one channel's fault must not end the others' memory
            log.exception("The memory of channel %d is not up to date", channel_id)
