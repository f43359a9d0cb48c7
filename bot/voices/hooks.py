"""One webhook a channel: found, made, mended, and never used again once it is gone."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from pydantic import SecretStr

from bot.delivery import Delivery
from bot.errors import DiscordDown, DiscordError, NotAllowed
from bot.pacing import Priority
from bot.voices.calls import WebhookCalls
from bot.voices.places import Place, place_of
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.voices import Webhook
from storage.voices import SqlVoices

NAME = "RoleForge"

REFUSED_SECONDS = 600.0
"""After Discord refused a webhook it is not asked again for so long."""


class Hooks:
    """`load` it before use. `trouble` tells a manager what keeps a channel from having one."""

    def __init__(
        self, client: discord.Client, delivery: Delivery, store: SqlVoices, clock: Clock
    ) -> None:
        self.calls = WebhookCalls(client)
        self._client = client
        self._delivery = delivery
        self._store = store
        self._clock = clock
        self._ours: dict[int, Webhook] = {}
        self._of_channel: dict[int, int] = {}
        self._refused: dict[int, tuple[float, str]] = {}
        self._making: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self) -> None:
        """Raises `StorageError`."""
        for webhook in await self._store.webhooks():
            self._learn(webhook)

    def is_ours(self, webhook_id: int | None) -> bool:
        """Also one that is gone: what it said still stands."""
        return webhook_id in self._ours

    def by_id(self, webhook_id: int) -> Webhook | None:
        """None: it is gone."""
        found = self._ours.get(webhook_id)
        return found if found and found.token else None

    def trouble(self, channel_id: int) -> str:
        """Why characters speak as the bot in this channel (of a thread: its parent); "" if not."""
        until, reason = self._refused.get(channel_id, (0.0, ""))
        return reason if self._clock.monotonic() < until else ""

    async def place(self, channel_id: int) -> Place | None:
        """Raises `DiscordError`."""
        known = self._client.get_channel(channel_id)
        if known is not None:
            return await place_of(self._client, channel_id)
        return await self._delivery.call(
            Priority.FINAL, channel_id, lambda: place_of(self._client, channel_id)
        )

    async def at(self, place: Place) -> Webhook | None:
        """The channel's webhook, made where there is none; None: the bot must speak as itself.

        Raises:
            DiscordDown: nobody can say.
            StorageError: it cannot be remembered.
        """
        async with self._making[place.channel_id]:
            known = self.by_id(self._of_channel.get(place.channel_id, 0))
            if known or self.trouble(place.channel_id):
                return known
            if not place.allowed:
                return None
            return await self._found_or_made(place)

    async def lost(self, webhook: Webhook) -> None:
        """Discord does not know it any more."""
        self._learn(replace(webhook, token=None))
        await self._store.gone(webhook.id)

    async def _found_or_made(self, place: Place) -> Webhook | None:
        channel_id = place.channel_id
        try:
            listed = await self._delivery.call(
                Priority.FINAL, channel_id, lambda: self.calls.of_channel(channel_id)
            )
            usable = (data for data in listed if self._is_own(data))
            data = next(usable, None) or await self._delivery.call(
                Priority.FINAL, channel_id, lambda: self.calls.create(channel_id, NAME)
            )
        except DiscordDown:
            raise
        except NotAllowed:
            self._refuse(channel_id, say("The bot lacks the permission Manage Webhooks."))
            return None
        except DiscordError as error:
            self._refuse(channel_id, f"{error} {error.hint}".strip())
            return None
        return await self._remember(place, data)

    def _is_own(self, data: Mapping[str, Any]) -> bool:
        """Ours by its application, or by its maker where Discord does not name one; not a dead one.

        Only the application that made a webhook may put buttons on its messages.
        """
        maker: Mapping[str, Any] = data.get("user") or {}
        me = {str(self._client.application_id), str(getattr(self._client.user, "id", None))}
        by_us = {str(data.get("application_id")), str(maker.get("id"))} & me
        return bool(by_us) and bool(data.get("token")) and not self.is_ours(int(data["id"]))

    async def _remember(self, place: Place, data: Mapping[str, Any]) -> Webhook:
        token = SecretStr(str(data["token"]))
        webhook = Webhook(int(data["id"]), place.channel_id, place.guild_id, token)
        await self._store.save(webhook)
        self._learn(webhook)
        return webhook

    def _learn(self, webhook: Webhook) -> None:
        self._ours[webhook.id] = webhook
        if webhook.token:
            self._of_channel[webhook.channel_id] = webhook.id

    def _refuse(self, channel_id: int, reason: str) -> None:
        self._refused[channel_id] = (self._clock.monotonic() + REFUSED_SECONDS, reason)
