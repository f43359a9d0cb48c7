"""Whether this machine is online: Discord is asked, and what the config names."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import discord

from backends.connectivity import any_reachable

SECONDS = 5.0

Ask = Callable[[], Awaitable[object]]
"""Any small question to Discord's REST."""


class OwnLine:
    """A `roleplay.connectivity.Connection`. `targets` are of `health.connectivity`."""

    def __init__(self, discord_answers: Ask, targets: Sequence[str]) -> None:
        self.targets = targets
        self._discord_answers = discord_answers

    async def online(self) -> bool:
        return await any_reachable(self.targets) or await self._discord()

    async def _discord(self) -> bool:
        try:
            async with asyncio.timeout(SECONDS):
                await self._discord_answers()
        except discord.HTTPException:
            return True  # whatever it says, it was reached
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError):
            return False
        return True
