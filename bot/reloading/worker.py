"""Reloads when the files change, and when it is told to."""

import asyncio
import logging

from bot.reloading.files import FileWatch, Stamps
from bot.reloading.reloader import Reloader
from roleplay.errors import ConfigError, RoleForgeError

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds between two looks at the files."""


class ReloadWorker:
    """`run` lives as long as the program. `taken`: see `FileWatch`."""

    def __init__(self, reloader: Reloader, taken: Stamps | None = None) -> None:
        self.reloader = reloader
        self._watch = FileWatch(lambda: reloader.loaded.files, taken)
        self._asked = asyncio.Event()

    def wake(self) -> None:
        """Reload now, changed or not."""
        self._asked.set()

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(POLL):
                    await self._asked.wait()
            except TimeoutError:
                pass
            await self.look()

    async def look(self) -> None:
        """One look; a file that does not hold is told in the log, once for each change."""
        asked = self._asked.is_set()
        self._asked.clear()
        if self._watch.step() or asked:
            await self._reload()

    async def _reload(self) -> None:
        try:
            changes = await self.reloader.reload()
        except RoleForgeError as error:
            log.warning("The settings stay as they were: config.json does not hold")
            for problem in error.problems if isinstance(error, ConfigError) else [error]:
                log.warning("%s", problem)
        except Exception:  # a border: the program goes on with the settings it has
            log.exception("Reloading broke")
        else:
            for line in changes.lines if changes or changes.waiting else []:
                log.info("Reloaded. %s", line)
