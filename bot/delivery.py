"""How any Discord call gets through: paced, tried again, and failing in our own words."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import discord

from bot.errors import ARCHIVED_THREAD, DiscordError, translate
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.retries import Retries
from roleplay.ports import Clock

log = logging.getLogger(__name__)

TRY_SECONDS = 40.0
"""Longer than discord.py's own patience, 30 s with a 429 and 25 s with a 5xx: ends what hangs."""

BAN_SECONDS = 600.0
"""How long nothing is sent after Cloudflare turned us away; each knock would count against us."""

FAULTS = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Passing troubles that discord.py does not outlast."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Posted:
    """A new message and the text it was sent with."""

    id: int
    text: str


class Delivery:
    """Makes calls through the pacer, again where that helps."""

    def __init__(self, client: discord.Client, pacer: Pacer, clock: Clock) -> None:
        self._client = client
        self._pacer = pacer
        self._clock = clock

    async def call(
        self,
        priority: Priority,
        channel_id: int,
        attempt: Callable[[], Awaitable[T]],
        *,
        key: Hashable = None,
        may_reopen: bool = True,
    ) -> T:
        """What `attempt` gives; a passing fault calls it again.

        Raises:
            DiscordError: Discord refuses, or was out of reach for too long.
        """
        retries = Retries(self._clock)
        while True:
            try:
                return await self._pacer.call(
                    priority, channel_id, lambda: _bounded(attempt), key=key
                )
            except discord.RateLimited as error:
                await retries.wait_as_told(error.retry_after)
            except FAULTS as error:
                await retries.wait_after(error)
            except discord.HTTPException as error:
                if error.status == HTTPStatus.TOO_MANY_REQUESTS:
                    await self._turned_away(error, retries)
                elif error.code == ARCHIVED_THREAD and may_reopen:
                    may_reopen = False
                    reopen = partial(self._reopen, channel_id)
                    await self.call(priority, channel_id, reopen, may_reopen=False)
                else:
                    raise self._translated(error, channel_id) from error

    def offer(
        self,
        priority: Priority,
        channel_id: int,
        key: Hashable,
        attempt: Callable[[], Awaitable[None]],
        failed: Callable[[DiscordError], None],
    ) -> None:
        """Make the call once if there is time for it; `failed` is told what Discord refuses."""

        async def once() -> None:
            try:
                await _bounded(attempt)
            except discord.RateLimited as error:
                log.debug("Left out an offered call: %s", error)
            except FAULTS as error:
                log.debug("Left out an offered call: %s", error)
            except discord.HTTPException as error:
                failed(self._translated(error, channel_id))
            except DiscordError as error:
                failed(error)

        self._pacer.offer(priority, channel_id, key, once)

    def withdraw(self, key: Hashable) -> None:
        """Drop the offer that waits on `key`, if any."""
        self._pacer.withdraw(key)

    async def _turned_away(self, error: discord.HTTPException, retries: Retries) -> None:
        """A 429 that discord.py gave up on: its fifth in a row, or Cloudflare's."""
        if "Via" in error.response.headers:
            await retries.wait_as_told(float(error.response.headers.get("Retry-After", 1.0)))
            return
        log.error("Cloudflare turned us away: no Discord call for %d s", BAN_SECONDS)
        self._pacer.hold(BAN_SECONDS)

    async def _reopen(self, thread_id: int) -> None:
        """Unarchive a thread. discord.py forgets archived ones, so it is asked for again."""
        thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    def _translated(self, error: discord.HTTPException, channel_id: int) -> DiscordError:
        return translate(error, permission=missing_permission(self._client, channel_id))


def missing_permission(client: discord.Client, channel_id: int) -> str:
    """discord.py's name of the first permission the bot lacks to speak here, "" for none found."""
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return ""
    threads = isinstance(channel, discord.Thread)
    needed = ("view_channel", "send_messages_in_threads" if threads else "send_messages")
    granted = channel.permissions_for(channel.guild.me)
    return next((name for name in needed if not getattr(granted, name)), "")


async def _bounded(attempt: Callable[[], Awaitable[T]]) -> T:
    async with asyncio.timeout(TRY_SECONDS):
        return await attempt()
