"""Gives each reply its cost, at the price that holds when it is written."""

from collections.abc import Callable, Mapping

from roleplay.profiles import ConnectionProfile
from storage.usage import SqlUsage


class Costs:
    """`profiles` are those of now."""

    def __init__(
        self, usage: SqlUsage, profiles: Callable[[], Mapping[str, ConnectionProfile]]
    ) -> None:
        self._usage = usage
        self._profiles = profiles

    async def settle(self, *names: str) -> None:
        """Price what these profiles wrote, or all; what a crash left without a cost is caught up.

        Raises:
            StorageError: it stays without a cost until the next time.
        """
        profiles = self._profiles()
        chosen = names or tuple(profiles)
        found = {name: profiles[name].price for name in chosen if name in profiles}
        await self._usage.set_costs({name: price for name, price in found.items() if price})
