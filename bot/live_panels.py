"""The panels that stand in channels and are kept true, within what Discord lets be edited."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

import aiohttp
import discord

from bot.errors import DiscordDown, DiscordError, MessageGone, NotAllowed, translate
from bot.status_panel import Panel
from bot.status_reader import StatusReader
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.panels import PlacedPanel, SqlPanels

log = logging.getLogger(__name__)

T = TypeVar("T")

CALM = 300.0
"""Seconds between two edits that tell of new figures only; a new state is told at once. Discord
takes few edits of a message that is older than an hour."""

REST = 600.0
"""Seconds a panel is left alone after a refusal."""


class Pace(Protocol):
    """Makes a Discord call when its turn in the process's one queue comes."""

    async def __call__(self, channel_id: int, make: Callable[[], Awaitable[T]]) -> T: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a panel says, and from when on it may say something else that is no news."""

    panel: Panel
    calm_until: float


class LivePanels:
    """One panel a server, in a channel of its managers' choice. It shows what members may see."""

    def __init__(
        self,
        client: discord.Client,
        panels: SqlPanels,
        reader: StatusReader,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._client = client
        self._panels = panels
        self._reader = reader
        self._pace = pace
        self._clock = clock
        self._shown: dict[int, Shown] = {}

    async def place(self, guild_id: int, channel_id: int) -> bool:
        """Post the panel, and take the one that stood elsewhere away; whether it could be pinned.

        Raises:
            DiscordError: nothing was posted, and what stood stands.
            StorageError: likewise.
        """
        panel = await self._reader.read(guild_id, details=False)
        message = await self._call(channel_id, lambda: self._send(guild_id, channel_id, panel))
        await self.remove(guild_id)
        await self._panels.save(PlacedPanel(guild_id, channel_id, message.id))
        self._note(guild_id, panel)
        try:
            await self._call(channel_id, message.pin)
        except DiscordError as exc:
            log.info("The panel of server %d is not pinned: %s", guild_id, exc)
            return False
        return True

    async def remove(self, guild_id: int) -> bool:
        """False: there was none. A message that Discord does not let go stays and is forgotten."""
        placed = await self._panels.of(guild_id)
        if placed is None:
            return False
        with suppress(DiscordError):
            await self._call(placed.channel_id, self._message(placed).delete)
        await self._forget(guild_id)
        return True

    async def refresh(self) -> None:
        """Bring every panel up to date. One that fails does not keep the others from it."""
        for placed in await self._panels.all():
            try:
                await self._refresh(placed)
            except (MessageGone, NotAllowed) as exc:
                await self._lost(placed, exc)
            except DiscordError as exc:
                log.warning("The panel of server %d waits: %s", placed.guild_id, exc)
                self._rest(placed.guild_id)

    async def _refresh(self, placed: PlacedPanel) -> None:
        shown = self._shown.get(placed.guild_id)
        resting = shown is not None and self._clock.monotonic() < shown.calm_until
        guild = self._client.get_guild(placed.guild_id)
        if guild is None or guild.unavailable:
            return
        panel = await self._reader.read(placed.guild_id, details=False)
        if shown and (panel.words == shown.panel.words or _no_news(panel, shown, resting=resting)):
            return
        message = self._message(placed)
        await self._call(
            placed.channel_id, lambda: message.edit(view=panel.view, attachments=panel.files())
        )
        self._note(placed.guild_id, panel)

    async def _lost(self, placed: PlacedPanel, error: DiscordError) -> None:
        """A deleted panel is not wanted any more; one that may not be edited rests."""
        if isinstance(error, MessageGone):
            log.info("The panel of server %d was deleted", placed.guild_id)
            await self._forget(placed.guild_id)
            return
        log.warning("The panel of server %d cannot be edited: %s", placed.guild_id, error)
        self._rest(placed.guild_id)

    async def _forget(self, guild_id: int) -> None:
        await self._panels.remove(guild_id)
        self._shown.pop(guild_id, None)

    def _note(self, guild_id: int, panel: Panel) -> None:
        self._shown[guild_id] = Shown(panel, self._clock.monotonic() + CALM)

    def _rest(self, guild_id: int) -> None:
        shown = self._shown.get(guild_id)
        if shown:
            self._shown[guild_id] = Shown(shown.panel, self._clock.monotonic() + REST)

    async def _send(self, guild_id: int, channel_id: int, panel: Panel) -> discord.Message:
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        nobody = discord.AllowedMentions.none()
        return await channel.send(view=panel.view, files=panel.files(), allowed_mentions=nobody)

    def _message(self, placed: PlacedPanel) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(placed.channel_id, guild_id=placed.guild_id)
        return channel.get_partial_message(placed.message_id)

    async def _call(self, channel_id: int, make: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._pace(channel_id, make)
        except (discord.DiscordServerError, discord.RateLimited) as exc:
            raise DiscordDown(say("Discord did not take it: {why}", why=exc)) from exc
        except discord.HTTPException as exc:
            raise translate(exc) from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise DiscordDown(say("Discord did not answer: {why}", why=exc)) from exc


def _no_news(panel: Panel, shown: Shown, *, resting: bool) -> bool:
    return resting and panel.states == shown.panel.states
