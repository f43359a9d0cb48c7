"""The outage channels of the servers: posts and edits notices, and says why Discord took none."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import aiohttp
import discord

from roleplay.phrases import say
from roleplay.ports import Clock

log = logging.getLogger(__name__)

NEEDED = discord.Permissions(view_channel=True, send_messages=True, embed_links=True)

REST = 600.0
"""Seconds a channel is left alone after a refusal: Discord bans addresses that insist."""


class NotTaken(Exception):
    """Discord did not take the message; `str` says why, for the server's managers."""


class MessageGone(Exception):
    """The message, or its channel, was deleted."""


class Pace(Protocol):
    """Makes a Discord call when its turn in the process's one queue comes."""

    async def __call__(
        self, channel_id: int, make: Callable[[], Awaitable[discord.Message]]
    ) -> discord.Message: ...


class NoticeBoard:
    """Knows Discord, and nothing of incidents."""

    def __init__(self, client: discord.Client, pace: Pace, clock: Clock) -> None:
        self._client = client
        self._pace = pace
        self._clock = clock
        self._resting: dict[int, tuple[float, str]] = {}

    def obstacle(self, guild_id: int, channel_id: int) -> str:
        """What would keep a notice from this channel, as far as is known here; "" for nothing."""
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return say("The server cannot be reached at the moment.")
        channel = guild.get_channel(channel_id)
        if channel is None:
            return say("The outage channel is gone. Choose another with `/outages channel`.")
        return lacking(channel)

    def parents(self, guild_id: int, channel_ids: Iterable[int]) -> dict[int, int]:
        """The channel of each that is a thread."""
        guild = self._client.get_guild(guild_id)
        threads = [guild.get_thread(channel_id) for channel_id in channel_ids] if guild else []
        return {thread.id: thread.parent_id for thread in threads if thread}

    def allow(self, channel_id: int) -> None:
        """Somebody changed something: ask again at once."""
        self._resting.pop(channel_id, None)

    async def post(self, guild_id: int, channel_id: int, embed: discord.Embed, nonce: str) -> int:
        """Returns the new message's id. The same nonce within minutes is the same message.

        Raises:
            NotTaken: nothing was posted.
        """
        if obstacle := self.obstacle(guild_id, channel_id):
            raise NotTaken(obstacle)
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            return await self._call(
                channel_id,
                lambda: channel.send(
                    embed=embed, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
                ),
            )
        except MessageGone as exc:
            raise NotTaken(say("The outage channel is gone.")) from exc

    async def edit(
        self, guild_id: int, channel_id: int, message_id: int, embed: discord.Embed
    ) -> None:
        """Replace what the message says.

        Raises:
            MessageGone: there is nothing to edit.
            NotTaken: it still says what it said.
        """
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise NotTaken(say("The server cannot be reached at the moment."))
        if guild.get_channel(channel_id) is None:
            raise MessageGone
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        message = channel.get_partial_message(message_id)
        await self._call(
            channel_id,
            lambda: message.edit(embed=embed, allowed_mentions=discord.AllowedMentions.none()),
        )

    async def _call(self, channel_id: int, make: Callable[[], Awaitable[discord.Message]]) -> int:
        until, why = self._resting.get(channel_id, (0.0, ""))
        if until > self._clock.monotonic():
            raise NotTaken(why)
        try:
            return (await self._pace(channel_id, make)).id
        except discord.NotFound as exc:
            raise MessageGone from exc
        except discord.Forbidden as exc:
            why = say("Discord refuses notices there: {why}", why=exc.text)
            self._resting[channel_id] = (self._clock.monotonic() + REST, why)
            raise NotTaken(why) from exc
        except (discord.DiscordException, aiohttp.ClientError, OSError) as exc:
            raise NotTaken(say("Discord did not take the notice: {why}", why=exc)) from exc


def lacking(channel: discord.abc.GuildChannel) -> str:
    """The permissions that notices need and the bot lacks in this channel, as advice; or ""."""
    has = channel.permissions_for(channel.guild.me)
    names = {
        "view_channel": say("View Channel"),
        "send_messages": say("Send Messages"),
        "embed_links": say("Embed Links"),
    }
    missing = [name for flag, name in names.items() if not getattr(has, flag)]
    if not missing:
        return ""
    return say(
        "I cannot post notices in <#{channel}>. Allow me there: {missing}.",
        channel=channel.id,
        missing=", ".join(missing),
    )
