"""What characters say through webhooks: once, whatever happens on the way."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.delivery import Delivery, Posted
from bot.errors import WebhookGone
from bot.pacing import Priority
from bot.split import LIMIT
from bot.voices.hooks import Hooks
from bot.voices.places import Place
from roleplay.voices import Said, Voice, Webhook, webhook_name
from storage.voices import SqlVoices

LOOK_BACK = 10
"""Messages that are searched for one that Discord may have taken: it came within seconds."""

REMEMBERED = 4096
"""Messages whose sender is kept in memory; others are asked of the database."""

UNKNOWN_WEBHOOK = 10015


class WebhookSpeech:
    """Posts, edits and deletes by webhook, and knows which message needs that.

    Raises:
        DiscordError: Discord refuses, or was out of reach for too long.
        StorageError: who said it cannot be remembered or looked up.
    """

    def __init__(
        self, client: discord.Client, delivery: Delivery, hooks: Hooks, store: SqlVoices
    ) -> None:
        self._client = client
        self._delivery = delivery
        self._hooks = hooks
        self._store = store
        self._said: OrderedDict[int, Said | None] = OrderedDict()

    async def post(
        self,
        priority: Priority,
        channel_id: int,
        voice: Voice,
        read: Callable[[], str],
        extras: dict[str, Any],
    ) -> Posted | None:
        """None: no webhook can speak here. A deleted one is made anew, once."""
        place = await self._hooks.place(channel_id)
        for _ in range(2 if place else 0):
            assert place is not None, "else there is no round"  # noqa: S101 - narrows
            webhook = await self._hooks.at(place)
            if webhook is None:
                return None
            try:
                send = self._once(place, webhook, voice, read, extras)
                posted = await self._delivery.call(priority, channel_id, send)
            except WebhookGone:
                await self._hooks.lost(webhook)
            else:
                await self.note(Said(posted.id, place.guild_id, webhook.id))
                return posted
        return None

    def heading(self, channel_id: int, voice: Voice) -> str:
        """What names the character above a message of the bot itself; "" where both are one."""
        channel = self._client.get_channel(channel_id)
        guild = getattr(channel, "guild", None)
        me = guild.me if isinstance(guild, discord.Guild) else None
        own = me or self._client.user
        if own and own.display_name.casefold() == voice.name.casefold():
            return ""
        return f"**{discord.utils.escape_markdown(voice.name)}**"

    async def said(self, discord_id: int) -> Said | None:
        """How a message of ours was sent; None: plainly, by the bot."""
        if discord_id in self._said:
            self._said.move_to_end(discord_id)
        else:
            self._keep(discord_id, await self._store.said(discord_id))
        return self._said[discord_id]

    async def note(self, said: Said) -> None:
        await self._store.note(said)
        self._keep(said.discord_id, said)

    async def edit(
        self, said: Said, channel_id: int, text: str | None, extras: dict[str, Any]
    ) -> None:
        """`text` None: it stays as it is."""
        webhook = self._webhook(said)
        try:
            await self._hooks.calls.edit(
                webhook, said.discord_id, text, _thread(webhook, channel_id), **extras
            )
        except discord.NotFound as error:
            await self._lost(webhook, error)
            raise

    async def delete(self, said: Said, channel_id: int) -> None:
        webhook = self._webhook(said)
        try:
            await self._hooks.calls.delete(webhook, said.discord_id, _thread(webhook, channel_id))
        except discord.NotFound as error:
            await self._lost(webhook, error)
            raise

    def _once(
        self,
        place: Place,
        webhook: Webhook,
        voice: Voice,
        read: Callable[[], str],
        extras: dict[str, Any],
    ) -> Callable[[], Awaitable[Posted]]:
        """A text without a nonce: before it is sent again, look whether it stands there."""
        tried = False

        async def send() -> Posted:
            nonlocal tried
            channel_id = place.thread_id or place.channel_id
            if tried and (found := await self._look_back(webhook, channel_id, voice, read())):
                return Posted(found, read())
            tried = True
            message_id = await self._hooks.calls.execute(
                webhook, voice, read(), place.thread_id, **extras
            )
            return Posted(message_id, read())

        return send

    async def _look_back(
        self, webhook: Webhook, channel_id: int, voice: Voice, text: str
    ) -> int | None:
        channel = self._client.get_partial_messageable(channel_id)
        alike = [
            message.id
            async for message in channel.history(limit=LOOK_BACK)
            if message.webhook_id == webhook.id
            and message.author.name == webhook_name(voice.name)
            and message.content.strip() == text.strip()
        ]
        return next(iter(await self._store.unnoted(alike)), None) if alike else None

    def _webhook(self, said: Said) -> Webhook:
        webhook = self._hooks.by_id(said.webhook_id or 0)
        if webhook is None:
            raise WebhookGone("The webhook was deleted.")
        return webhook

    async def _lost(self, webhook: Webhook, error: discord.NotFound) -> None:
        if error.code == UNKNOWN_WEBHOOK:
            await self._hooks.lost(webhook)

    def _keep(self, discord_id: int, said: Said | None) -> None:
        self._said[discord_id] = said
        self._said.move_to_end(discord_id)
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)


def under(heading: str, text: str) -> str:
    """The text below its heading, where a message has the room."""
    headed = f"{heading}\n{text}" if heading else text
    return headed if len(headed) <= LIMIT else text


def _thread(webhook: Webhook, channel_id: int) -> int | None:
    return None if channel_id == webhook.channel_id else channel_id
