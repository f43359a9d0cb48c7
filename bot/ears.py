"""Which Discord messages are a person's speech, and what they say."""

import discord

from bot.text import to_incoming
from roleplay.transcript import IncomingMessage

SPEECH = {discord.MessageType.default, discord.MessageType.reply}


class Ears:
    """Deaf to bots and webhooks, so that no two bots can talk on and on."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    def hear(self, message: discord.Message) -> IncomingMessage | None:
        """None: not said by a person in a server."""
        person = not message.author.bot and message.webhook_id is None
        if message.guild is None or not person or message.type not in SPEECH:
            return None
        assert self._client.user is not None, "messages come after the login"  # noqa: S101 - narrows
        return to_incoming(message, self._client.user)
