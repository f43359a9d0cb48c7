"""Messages to Discord that arrive once, ping nobody, and fail in our own words."""

import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any

import discord

from bot.delivery import BAN_SECONDS, Delivery, Posted
from bot.errors import DiscordError, MessageGone, WebhookGone
from bot.pacer import Pacer
from bot.pacing import Priority
from bot.voices.speech import WebhookSpeech, under
from roleplay.ports import Clock
from roleplay.voices import Said, Voice

log = logging.getLogger(__name__)

__all__ = ["BAN_SECONDS", "NOBODY", "Posted", "Sender"]

NOBODY = discord.AllowedMentions.none()

Text = Callable[[], str]
"""Read when the call goes out, so that what waited is fresh."""


class Sender:
    """Sends, edits and deletes by plain ids, in servers, threads and direct messages.

    `speech` gives characters their own names; without it all is said by the bot. It knows which
    message went by a webhook, so that `edit` and `delete` work for both kinds.

    Raises:
        DiscordError: from every method that waits.
    """

    def __init__(
        self,
        client: discord.Client,
        pacer: Pacer,
        clock: Clock,
        speech: WebhookSpeech | None = None,
    ) -> None:
        self._client = client
        self._delivery = Delivery(client, pacer, clock)
        self._speech = speech

    async def post(
        self,
        channel_id: int,
        text: str | Text,
        *,
        priority: Priority = Priority.NOTICE,
        reply_to: int | None = None,
        suppress_embeds: bool = False,
        voice: Voice | None = None,
        **extras: Any,
    ) -> Posted:
        """Send a message once, however often it has to be tried.

        Every try carries the same nonce and the same text: Discord keeps the first that came.
        With a `voice` it goes by webhook, where the channel allows one.
        `reply_to` is the id of a message in the channel, left out where it was deleted meanwhile,
        and by webhook always. `extras` are as in discord.py: `view`, `embeds`.
        """
        read = cache(_reader(text))
        extras["suppress_embeds"] = suppress_embeds
        heading = ""
        if voice and self._speech:
            posted = await self._speech.post(priority, channel_id, voice, read, extras)
            if posted:
                return posted
            heading = self._speech.heading(channel_id, voice)
        if reply_to is not None:
            extras["reference"] = _reference(channel_id, reply_to)
        posted = await self._post(priority, channel_id, read, heading, extras)
        if heading and self._speech:
            await self._speech.note(Said(posted.id, self._guild(channel_id), None, heading))
        return posted

    async def _post(
        self, priority: Priority, channel_id: int, read: Text, heading: str, extras: dict[str, Any]
    ) -> Posted:
        channel = self._client.get_partial_messageable(channel_id)
        nonce = secrets.token_hex(12)

        async def send() -> Posted:
            message = await channel.send(
                under(heading, read()), nonce=nonce, allowed_mentions=NOBODY, **extras
            )
            return Posted(message.id, read())

        return await self._delivery.call(priority, channel_id, send)

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
        return await self._delivery.call(priority, channel_id, send, key=message_id)

    async def delete(self, channel_id: int, message_id: int) -> None:
        """Delete a message of ours; one that is gone already is as good."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        self._delivery.withdraw(message_id)

        async def remove() -> None:
            said = await self._said(message_id)
            if self._speech and said and said.webhook_id:
                with contextlib.suppress(WebhookGone):
                    return await self._speech.delete(said, channel_id)
            return await message.delete()

        with contextlib.suppress(MessageGone):
            await self._delivery.call(Priority.NOTICE, channel_id, remove)

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

        self._delivery.offer(Priority.EDIT, channel_id, message_id, attempt, failed)

    def offer_view(self, channel_id: int, message_id: int, view: discord.ui.View | None) -> None:
        """Change the buttons below a message, and nothing else, if there is time for it."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)

        async def attempt() -> None:
            said = await self._said(message_id)
            if self._speech and said and said.webhook_id:
                await self._speech.edit(said, channel_id, None, {"view": view})
            else:
                await message.edit(view=view)

        key = ("view", message_id)
        self._delivery.offer(Priority.EDIT, channel_id, key, attempt, _left_as_it_is)

    def offer_typing(self, channel_id: int, *, failed: Callable[[DiscordError], None]) -> None:
        """Show "is typing" for up to 10 seconds if there is time for it."""

        async def attempt() -> None:
            await self._client.get_partial_messageable(channel_id).typing()

        key = ("typing", channel_id)
        self._delivery.offer(Priority.TYPING, channel_id, key, attempt, failed)

    def withdraw(self, channel_id: int, message_ids: Iterable[int]) -> None:
        """Take back what is on offer for the channel's typing and for these messages."""
        for key in (("typing", channel_id), *message_ids):
            self._delivery.withdraw(key)

    def _edit(
        self, channel_id: int, message_id: int, text: str | Text, extras: dict[str, Any]
    ) -> Callable[[], Awaitable[str]]:
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        read = _reader(text)

        async def send() -> str:
            said = await self._said(message_id)
            content = read()
            if self._speech and said and said.webhook_id:
                await self._speech.edit(said, channel_id, content, extras)
            else:
                shown = under(said.heading if said else "", content)
                await message.edit(content=shown, allowed_mentions=NOBODY, **extras)
            return content

        return send

    async def _said(self, message_id: int) -> Said | None:
        return await self._speech.said(message_id) if self._speech else None

    def _guild(self, channel_id: int) -> int | None:
        guild = getattr(self._client.get_channel(channel_id), "guild", None)
        return guild.id if isinstance(guild, discord.Guild) else None


def _left_as_it_is(error: DiscordError) -> None:
    log.debug("Buttons stay as they are: %s", error)


def _reader(text: str | Text) -> Text:
    return (lambda: text) if isinstance(text, str) else text


def _reference(channel_id: int, message_id: int) -> discord.MessageReference:
    return discord.MessageReference(
        message_id=message_id, channel_id=channel_id, fail_if_not_exists=False
    )
