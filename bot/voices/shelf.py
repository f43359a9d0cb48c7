"""Pictures of characters where Discord can show them.

A webhook takes its avatar from an address that all of Discord can read, and keeps nothing itself.
An emoji of the application has one that lasts: no server needs a web host for its characters.
"""

import asyncio
import base64
import hashlib
import logging
from typing import Protocol

import discord

from bot.delivery import Delivery
from bot.errors import DiscordError
from bot.pacing import Priority
from roleplay.errors import RoleForgeError
from roleplay.ports import Clock
from storage.avatars import Hung, SqlAvatars

log = logging.getLogger(__name__)

ADDRESS = "https://cdn.discordapp.com/emojis/{id}.png"

PATIENCE = 5.0
"""Seconds that a reply waits for its character's picture, the first time it is shown."""

REFUSED_SECONDS = 600.0
"""After a failure no picture is hung for so long."""

NOWHERE = 0
"""The lane of calls that belong to no channel."""


class AvatarShelf(Protocol):
    """Never raises: what fails costs the picture."""

    async def address(self, character_id: int) -> str:
        """Of the character's picture as it is now; "" for none."""
        ...


class EmojiShelf:
    """Hangs pictures as emoji of the application: 2,000 at the most, of 256 KB."""

    def __init__(
        self,
        client: discord.Client,
        delivery: Delivery,
        store: SqlAvatars,
        tasks: asyncio.TaskGroup,
        clock: Clock,
    ) -> None:
        self._client = client
        self._delivery = delivery
        self._store = store
        self._clock = clock
        self._refused_until = 0.0
        self._reason = ""
        self._tasks = tasks
        self._working: dict[int, asyncio.Task[str]] = {}

    @property
    def trouble(self) -> str:
        """Why pictures are missing just now; "" if they are not."""
        return self._reason if self._clock.monotonic() < self._refused_until else ""

    async def address(self, character_id: int) -> str:
        """A picture that takes too long to be hung is shown from the next reply on."""
        working = self._working.get(character_id)
        if working is None:
            working = self._tasks.create_task(self._guarded(character_id))
            self._working[character_id] = working
            working.add_done_callback(lambda _: self._working.pop(character_id, None))
        done, _ = await asyncio.wait({working}, timeout=PATIENCE)
        return working.result() if done and not working.cancelled() else ""

    async def sweep(self) -> None:
        """Take down the pictures of characters that are gone."""
        try:
            for hung in await self._store.orphans():
                await self._take_down(hung)
                await self._store.taken_down(hung.character_id)
        except RoleForgeError as error:
            log.warning("Pictures of removed characters stay for now: %s", error)

    async def _guarded(self, character_id: int) -> str:
        try:
            return await self._address(character_id)
        except RoleForgeError as error:
            log.warning("Characters speak without pictures: %s %s", error, error.hint)
            self._reason = f"{error} {error.hint}".strip()
            self._refused_until = self._clock.monotonic() + REFUSED_SECONDS
            return ""

    async def _address(self, character_id: int) -> str:
        portrait = await self._store.portrait(character_id)
        if portrait is None:
            return ""
        hung = portrait.hung
        if hung and hung.revision == portrait.revision:
            return hung.address
        picture = await self._store.picture(character_id)
        if picture is None or self.trouble:
            return hung.address if hung else ""
        digest = hashlib.sha256(picture).hexdigest()
        if hung is None or hung.digest != digest:
            emoji_id = await self._hang(f"rf_{character_id}_{digest[:8]}", picture)
        else:
            emoji_id = hung.emoji_id
        address = ADDRESS.format(id=emoji_id)
        await self._store.save(Hung(character_id, portrait.revision, digest, emoji_id, address))
        if hung and hung.emoji_id != emoji_id:
            await self._take_down(hung)
        await self.sweep()
        return address

    async def _hang(self, name: str, picture: bytes) -> int:
        kind = "webp" if picture[8:12] == b"WEBP" else "png"
        image = f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"
        application = self._client.application_id or 0
        made = await self._delivery.call(
            Priority.NOTICE,
            NOWHERE,
            lambda: self._client.http.create_application_emoji(application, name, image),
        )
        return int(made["id"] or 0)

    async def _take_down(self, hung: Hung) -> None:
        """One that is gone already is as good."""
        application = self._client.application_id or 0
        try:
            await self._delivery.call(
                Priority.NOTICE,
                NOWHERE,
                lambda: self._client.http.delete_application_emoji(application, hung.emoji_id),
            )
        except DiscordError as error:
            if error.status != 404:
                raise
