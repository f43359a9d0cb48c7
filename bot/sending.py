"""Messages to Discord that arrive once, ping nobody, and fail in our own words."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import discord

from bot.errors import ARCHIVED_THREAD, DiscordError, MessageGone, translate
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.retries import Retries
from roleplay.ports import Clock

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()

TRY_SECONDS = 40.0
"""Longer than discord.py's own patience, 30 s with a 429 and 25 s with a 5xx: ends what hangs."""

BAN_SECONDS = 600.0
"""How long nothing is sent after Cloudflare turned us away; each knock would count against us."""

FAULTS = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Passing troubles that discord.py does not outlast."""

T = TypeVar("T")

Text = Callable[[], str]
"""Read when the call goes out, so that what waited is fresh."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A new message and the text it was sent with."""

    id: int
    text: str


class Sender:
    """Sends, edits and deletes by plain ids, in servers, threads and direct messages.

    Raises:
        DiscordError: from every method that waits.
    """

    def __init__(self, client: discord.Client, pacer: Pacer, clock: Clock) -> None:
        self._client = client
        self._pacer = pacer
        self._clock = clock

    async def post(
        self,
        channel_id: int,
        text: str | Text,
        *,
        priority: Priority = Priority.NOTICE,
        reply_to: int | None = None,
        suppress_embeds: bool = False,
        **extras: Any,
    ) -> Posted:
        """Send a message once, however often it has to be tried.

        Every try carries the same nonce and the same text: Discord keeps the first that came.
        `reply_to` is the id of a message in the channel, left out where it was deleted meanwhile.
        `extras` are as in discord.py: `view`, `embeds`.
        """
        channel = self._client.get_partial_messageable(channel_id)
        nonce = secrets.token_hex(12)
        read = cache(_reader(text))
        if reply_to is not None:
            extras["reference"] = _reference(channel_id, reply_to)

        async def send() -> Posted:
            message = await channel.send(
                read(),
                nonce=nonce,
                suppress_embeds=suppress_embeds,
                allowed_mentions=NOBODY,
                **extras,
            )
            return Posted(message.id, read())

        return await self._deliver(priority, channel_id, send)

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        text: str | Text,
        *,
        priority: Priority = Priority.NOTICE,
        **extras: Any,
    ) -> str:
        """Change a message of ours; the text that it has now. It drops the edit on offer."""
        send = self._edit(channel_id, message_id, text, extras)
        return await self._deliver(priority, channel_id, send, key=message_id)

    async def delete(self, channel_id: int, message_id: int) -> None:
        """Delete a message of ours; one that is gone already is as good."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        self._pacer.withdraw(message_id)
        with contextlib.suppress(MessageGone):
            await self._deliver(Priority.NOTICE, channel_id, message.delete)

    def offer_edit(
        self,
        channel_id: int,
        message_id: int,
        text: Text,
        *,
        shown: Callable[[str], None],
        failed: Callable[[DiscordError], None],
    ) -> None:
        """Change a message if there is time for it; `shown` or `failed` is told what came of it."""
        send = self._edit(channel_id, message_id, text, {})

        async def attempt() -> None:
            shown(await send())

        self._offer(Priority.EDIT, channel_id, message_id, attempt, failed)

    def offer_typing(self, channel_id: int, *, failed: Callable[[DiscordError], None]) -> None:
        """Show "is typing" for up to 10 seconds if there is time for it."""

        async def attempt() -> None:
            await self._client.get_partial_messageable(channel_id).typing()

        self._offer(Priority.TYPING, channel_id, ("typing", channel_id), attempt, failed)

    def withdraw(self, channel_id: int, message_ids: Iterable[int]) -> None:
        """Take back what is on offer for the channel's typing and for these messages."""
        for key in (("typing", channel_id), *message_ids):
            self._pacer.withdraw(key)

    def _edit(
        self, channel_id: int, message_id: int, text: str | Text, extras: dict[str, Any]
    ) -> Callable[[], Awaitable[str]]:
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        read = _reader(text)

        async def send() -> str:
            content = read()
            await message.edit(content=content, allowed_mentions=NOBODY, **extras)
            return content

        return send

    def _offer(
        self,
        priority: Priority,
        channel_id: int,
        key: Hashable,
        attempt: Callable[[], Awaitable[None]],
        failed: Callable[[DiscordError], None],
    ) -> None:
        async def once() -> None:
            try:
                await _bounded(attempt)
            except discord.RateLimited as error:
                log.debug("Left out an offered call: %s", error)
            except FAULTS as error:
                log.debug("Left out an offered call: %s", error)
            except discord.HTTPException as error:
                failed(self._translated(error, channel_id))

        self._pacer.offer(priority, channel_id, key, once)

    async def _deliver(
        self,
        priority: Priority,
        channel_id: int,
        attempt: Callable[[], Awaitable[T]],
        *,
        key: Hashable = None,
        may_reopen: bool = True,
    ) -> T:
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
                    await self._deliver(priority, channel_id, reopen, may_reopen=False)
                else:
                    raise self._translated(error, channel_id) from error

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


def _reader(text: str | Text) -> Text:
    return (lambda: text) if isinstance(text, str) else text


def _reference(channel_id: int, message_id: int) -> discord.MessageReference:
    return discord.MessageReference(
        message_id=message_id, channel_id=channel_id, fail_if_not_exists=False
    )
