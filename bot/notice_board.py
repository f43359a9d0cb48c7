"""Notices on Discord: in text channels, threads, forums and direct messages."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Protocol, TypeVar

import aiohttp
import discord

from bot.errors import ARCHIVED_THREAD
from bot.letters import Letter, MessageGone, NotTaken, Place, Standing
from roleplay.phrases import say
from roleplay.ports import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")

NOBODY = discord.AllowedMentions.none()

REST = 600.0
"""Seconds a channel is left alone after a refusal: Discord bans addresses that insist."""

FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError)

Chosen = discord.TextChannel | discord.Thread | discord.ForumChannel
"""What can be an outage channel."""


class Archived(NotTaken):
    """The thread sleeps, and can be woken."""


class Pace(Protocol):
    """Makes a Discord call when its turn in the process's one queue comes."""

    async def __call__(self, channel_id: int, make: Callable[[], Awaitable[T]], /) -> T: ...


class NoticeBoard:
    """A `Courier` that knows Discord, and nothing of incidents."""

    def __init__(self, client: discord.Client, pace: Pace, clock: Clock) -> None:
        self._client = client
        self._pace = pace
        self._clock = clock
        self._resting: dict[int, tuple[float, str]] = {}

    def obstacle(self, guild_id: int, channel_id: int) -> str:
        """What would keep a notice from this channel, as far as is known here; "" for nothing.

        A thread that is archived is not known here, so a channel that is not found may be one.
        """
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return say("The server cannot be reached at the moment.")
        channel = guild.get_channel_or_thread(channel_id)
        if channel is None:
            return self._resting.get(channel_id, (0.0, ""))[1]
        return lacking(channel)

    def parents(self, guild_id: int, channel_ids: Iterable[int]) -> dict[int, int]:
        """The channel of each that is a thread."""
        guild = self._client.get_guild(guild_id)
        threads = [guild.get_thread(channel_id) for channel_id in channel_ids] if guild else []
        return {thread.id: thread.parent_id for thread in threads if thread}

    def allow(self, channel_id: int) -> None:
        """Somebody changed something: ask again at once."""
        self._resting.pop(channel_id, None)

    async def post(self, place: Place, letter: Letter, nonce: str) -> Standing:
        """See `Courier`. In a forum it is a post of its own."""
        channel_id = await self._channel_of(place)
        if place.is_guild and (obstacle := self.obstacle(place.id, channel_id)):
            raise NotTaken(obstacle)
        guild = self._client.get_guild(place.id)
        channel = guild.get_channel(channel_id) if guild else None

        async def send() -> Standing:
            if isinstance(channel, discord.ForumChannel):
                return await _open_post(channel, letter)
            at = self._client.get_partial_messageable(channel_id, guild_id=place.id or None)
            options: dict[str, Any] = {"view": letter.view} if letter.view else {}
            message = await at.send(
                embed=letter.embed, nonce=nonce, allowed_mentions=NOBODY, **options
            )
            return Standing(channel_id, message.id)

        try:
            return await self._call(channel_id, send)
        except MessageGone as exc:
            why = say("The outage channel is gone. Choose another with `/outages channel`.")
            self._resting[channel_id] = (self._clock.monotonic() + REST, why)
            raise NotTaken(why) from exc

    async def edit(self, place: Place, at: Standing, letter: Letter) -> None:
        """See `Courier`. A thread that was archived meanwhile is opened again."""
        if place.is_guild:
            self._reachable(place.id)
        message = self._message(at)

        async def change() -> None:
            await message.edit(embed=letter.embed, view=letter.view, allowed_mentions=NOBODY)

        try:
            await self._call(at.channel_id, change)
        except Archived:
            await self._call(at.channel_id, partial(self._reopen, at.channel_id))
            await self._call(at.channel_id, change)

    async def remind(self, place: Place, at: Standing, letter: Letter, nonce: str) -> int:
        """See `Courier`."""
        if place.is_guild:
            self._reachable(place.id)
        channel = self._client.get_partial_messageable(at.channel_id)
        reference = discord.MessageReference(
            message_id=at.message_id, channel_id=at.channel_id, fail_if_not_exists=False
        )

        async def send() -> int:
            message = await channel.send(
                embed=letter.embed,
                nonce=nonce,
                silent=True,
                reference=reference,
                allowed_mentions=NOBODY,
            )
            return message.id

        try:
            return await self._call(at.channel_id, send)
        except MessageGone as exc:
            raise NotTaken(say("The channel of the notice is gone.")) from exc

    async def delete(self, place: Place, at: Standing) -> None:
        """See `Courier`."""
        del place
        try:
            await self._call(at.channel_id, self._message(at).delete)
        except MessageGone:
            return

    async def _reopen(self, channel_id: int) -> None:
        thread = await self._client.fetch_channel(channel_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    def _message(self, at: Standing) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(at.channel_id)
        return channel.get_partial_message(at.message_id)

    def _reachable(self, guild_id: int) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise NotTaken(say("The server cannot be reached at the moment."))

    async def _channel_of(self, place: Place) -> int:
        """For an owner, the channel of their direct messages."""
        if place.is_guild:
            return place.channel_id

        async def open_dm() -> int:
            user = self._client.get_user(-place.id) or await self._client.fetch_user(-place.id)
            if isinstance(user, discord.ClientUser):
                raise NotTaken(say("Name the owner in discord.ownerIds."))
            return (user.dm_channel or await user.create_dm()).id

        try:
            return await self._call(place.id, open_dm)
        except MessageGone as exc:
            raise NotTaken(say("Discord knows no such person.")) from exc

    async def _call(self, channel_id: int, make: Callable[[], Awaitable[T]]) -> T:
        until, why = self._resting.get(channel_id, (0.0, ""))
        if until > self._clock.monotonic():
            raise NotTaken(why)
        try:
            done = await self._pace(channel_id, make)
        except discord.NotFound as exc:
            raise MessageGone from exc
        except discord.Forbidden as exc:
            why = say("Discord refuses notices there: {why}", why=exc.text)
            self._resting[channel_id] = (self._clock.monotonic() + REST, why)
            raise NotTaken(why) from exc
        except discord.HTTPException as exc:
            if exc.code == ARCHIVED_THREAD:
                raise Archived(say("The thread is archived.")) from exc
            raise NotTaken(say("Discord did not take the notice: {why}", why=exc)) from exc
        except FAULTS as exc:
            raise NotTaken(say("Discord did not take the notice: {why}", why=exc)) from exc
        self._resting.pop(channel_id, None)
        return done


async def _open_post(forum: discord.ForumChannel, letter: Letter) -> Standing:
    tags = list(forum.available_tags[:1]) if forum.flags.require_tag else []
    options: dict[str, Any] = {"view": letter.view} if letter.view else {}
    post = await forum.create_thread(
        name=letter.title[:100],
        embed=letter.embed,
        applied_tags=tags,
        allowed_mentions=NOBODY,
        **options,
    )
    return Standing(post.thread.id, post.message.id)


def lacking(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    """The permissions that notices need and the bot lacks in this channel, as advice; or ""."""
    has = channel.permissions_for(channel.guild.me)
    in_thread = isinstance(channel, discord.Thread)
    names = {
        "view_channel": say("View Channel"),
        ("send_messages_in_threads" if in_thread else "send_messages"): (
            say("Send Messages in Threads") if in_thread else say("Send Messages")
        ),
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
