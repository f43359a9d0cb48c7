"""Which Discord messages are a person's speech, and what they say."""

from collections.abc import Callable, Collection
from dataclasses import replace

import discord

from bot.text import to_incoming
from roleplay.transcript import IncomingMessage

SPEECH = {discord.MessageType.default, discord.MessageType.reply}


class Ears:
    """Deaf to bots and webhooks, so that no two bots can talk on and on.

    Only webhooks of the applications `proxies` are heard: they repeat what a person wrote, under
    the name of that person's choice. `is_ours` knows the webhooks that characters speak through.
    """

    def __init__(
        self,
        client: discord.Client,
        is_ours: Callable[[int | None], bool] = lambda _: False,
        proxies: Collection[int] = (),
    ) -> None:
        self._client = client
        self._is_ours = is_ours
        self.proxies = proxies

    def hear(self, message: discord.Message) -> IncomingMessage | None:
        """None: not said by a person in a server."""
        if message.guild is None or message.type not in SPEECH:
            return None
        proxied = message.webhook_id is not None and message.application_id in self.proxies
        if not proxied and (message.author.bot or message.webhook_id is not None):
            return None
        assert self._client.user is not None, "messages come after the login"  # noqa: S101 - narrows
        heard = to_incoming(message, self._client.user, self._is_ours)
        return replace(heard, proxied=True) if proxied else heard
