"""Which entries a text would set off in a channel."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace

from bot.prompts.glance import Glance
from roleplay.lorebooks.result import ScanResult
from roleplay.lorebooks.settings import LoreSettings
from roleplay.prompting.lore import InForce
from roleplay.prompting.scanning import with_lore
from roleplay.transcript import StoredMessage


class LoreTrial:
    """Scans as a reply would, with the text as the only message; nothing is remembered."""

    def __init__(
        self, glance: Glance, books: InForce, settings: Callable[[], LoreSettings]
    ) -> None:
        self._glance = glance
        self._books = books
        self._settings = settings

    async def at(
        self, text: str, author: str, channel_id: int, parent_id: int | None, guild_id: int | None
    ) -> ScanResult:
        """Raises `NoPrompt`: the channel is not bound."""
        there = await self._glance.at(channel_id, parent_id, guild_id)
        here = there.report.ingredients
        said = StoredMessage(0, channel_id, "user", 0, author, text, here.now.timestamp())
        here = replace(here, history=(said,), older=False)
        books, settings = await self._books(here), self._settings()
        found = await asyncio.to_thread(with_lore, here, books, settings, roll=random.Random())
        return found.lore
