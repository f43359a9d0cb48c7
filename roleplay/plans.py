"""The planned maintenance that is in force: from config.json and by command."""

from collections.abc import Sequence

from roleplay.maintenance import Maintenance, Window, check, planned_until
from roleplay.ports import Clock


class Plans:
    """Windows as they are now, in memory: every observation asks. `load` comes first.

    `configured` are those of config.json and may be set anew. Raises `StorageError` from every
    method that waits.
    """

    def __init__(self, store: Maintenance, clock: Clock, configured: Sequence[Window] = ()) -> None:
        self.configured = tuple(configured)
        self._store = store
        self._clock = clock
        self._added: tuple[Window, ...] = ()

    async def load(self) -> None:
        await self._store.clear(self._clock.now())
        self._added = tuple(await self._store.windows())

    def all(self) -> tuple[Window, ...]:
        """Without those that are past."""
        now = self._clock.now()
        return tuple(each for each in (*self.configured, *self._added) if not each.over(now))

    def until(self, profile: str) -> float | None:
        """Until when the profile is expected to be away; None: it is not."""
        windows = (*self.configured, *self._added)
        return planned_until(windows, profile, self._clock.now()) if windows else None

    async def add(self, window: Window) -> Window:
        """Plan one more.

        Raises:
            BadWindow: it cannot be.
        """
        check(window)
        added = await self._store.add(window)
        await self.load()
        return added

    async def remove(self, window_id: int) -> bool:
        """Whether there was one of that id."""
        removed = await self._store.remove(window_id)
        await self.load()
        return removed
