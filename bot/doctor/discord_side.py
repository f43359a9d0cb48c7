"""What Discord says about the token, the intents, the login limit and every bound channel."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import discord

from bot.permissions import missing
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.checkup import Check, skipped
from roleplay.phrases import say

PATIENCE = 60.0
"""Seconds for all questions together."""

FEW_LOGINS = 50
"""Of the 1,000 a day that Discord gives a bot; it resets the token of one that uses them up."""

PORTAL = "https://discord.com/developers/applications"

IMPLIED = ("View Channel", "Send Messages")
"""Where the first is denied, so is all else; where the second is, so is embedding."""

LATER = ("intents", "logins", "channel")

TROUBLE = (discord.HTTPException, discord.InvalidData, OSError, TimeoutError)


@dataclass(slots=True)
class Places:
    """The channels of one server that the bot needs, with what for."""

    guild_id: int
    channels: dict[int, str] = field(default_factory=dict[int, str])


async def check_discord(
    token: str, bindings: Sequence[ChannelBinding], guilds: Sequence[GuildSettings]
) -> list[Check]:
    """Over REST only: nothing connects, so a running bot is not disturbed."""
    checks: list[Check] = []
    missed = say("No channel is bound yet.")
    client = discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30)
    try:
        async with asyncio.timeout(PATIENCE), client:
            await client.login(token)
            checks.append(_token(client))
            checks.append(_intents(client))
            checks.append(await _logins(client))
            for place in places(bindings, guilds):
                checks += await _channels(client, place)
    except discord.LoginFailure:
        checks.append(_bad_token())
        missed = say("Not tried.")
    except TROUBLE as exc:
        checks.append(_unanswered(exc, first=not checks))
        missed = say("Not tried.")
    done = {check.name for check in checks}
    return checks + [skipped(name, missed) for name in LATER if name not in done]


def places(bindings: Iterable[ChannelBinding], guilds: Iterable[GuildSettings]) -> list[Places]:
    """Bound channels and channels for outage notices, by server."""
    found: dict[int, Places] = {}
    for binding in bindings:
        place = found.setdefault(binding.guild_id, Places(binding.guild_id))
        place.channels[binding.channel_id] = say("bound")
    for guild in guilds:
        if guild.outage_channel_id:
            place = found.setdefault(guild.guild_id, Places(guild.guild_id))
            place.channels.setdefault(guild.outage_channel_id, say("for outage notices"))
    return list(found.values())


def _token(client: discord.Client) -> Check:
    return Check("token", "ok", say("Discord knows the bot as {name}.", name=client.user))


def _bad_token() -> Check:
    hint = say(
        "Reset it at {portal}, page Bot, and put the new one where the old one was.", portal=PORTAL
    )
    return Check("token", "error", say("Discord refused the token."), hint)


def _unanswered(error: Exception, *, first: bool) -> Check:
    if isinstance(error, discord.HTTPException):
        why = say("Discord answered HTTP {status}.", status=error.status)
    else:
        why = say("Discord cannot be reached: {kind}.", kind=type(error).__name__)
    hint = say("Try again in a few minutes; https://discordstatus.com tells of outages.")
    return Check("token" if first else "discord", "error", why, hint)


def _intents(client: discord.Client) -> Check:
    flags = client.application.flags if client.application else discord.ApplicationFlags()
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Check("intents", "ok", say("Message Content Intent is on."))
    return Check(
        "intents",
        "error",
        say("Message Content Intent is off, so the bot cannot read messages."),
        say("Switch it on at {portal}, page Bot.", portal=PORTAL),
    )


async def _logins(client: discord.Client) -> Check:
    _, _, limit = await client.http.get_bot_gateway()
    left, hours = limit["remaining"], round(limit["reset_after"] / 3_600_000)
    detail = say(
        "{left} of {total} logins are left, for {hours} hours.",
        left=left,
        total=limit["total"],
        hours=hours,
    )
    if left > FEW_LOGINS:
        return Check("logins", "ok", detail)
    hint = say("Something restarts the bot again and again: look at its log before it runs out.")
    return Check("logins", "warning" if left else "error", detail, hint)


async def _channels(client: discord.Client, place: Places) -> list[Check]:
    """One check for each channel of one server."""
    try:
        guild = await client.fetch_guild(place.guild_id)
        me = await guild.fetch_member(client.user.id if client.user else 0)
        listed = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.NotFound, discord.Forbidden):
        name = say("The bot is no longer in the server {id}.", id=place.guild_id)
        hint = say("Invite it again; its settings there are kept.")
        return [Check("channel", "warning", name, hint)]
    return [
        await _channel(guild, me, listed, channel_id, purpose)
        for channel_id, purpose in place.channels.items()
    ]


Listed = Mapping[int, discord.abc.GuildChannel]


async def _channel(
    guild: discord.Guild, me: discord.Member, listed: Listed, channel_id: int, purpose: str
) -> Check:
    try:
        channel = listed.get(channel_id) or await guild.fetch_channel(channel_id)
    except discord.NotFound:
        gone = say("The channel {id} of {guild} is gone.", id=channel_id, guild=guild.name)
        return Check("channel", "warning", gone, say("Bind another one with /channel bind."))
    except discord.Forbidden:
        hidden = say("{guild}: the thread {id} is hidden.", guild=guild.name, id=channel_id)
        return Check("channel", "error", hidden, _allow(["View Channel"]))
    where = say("#{name} in {guild} ({purpose})", name=channel, guild=guild.name, purpose=purpose)
    names = _missing(channel, me, listed)
    if names:
        text = say("{where} lacks: {names}.", where=where, names=", ".join(names))
        return Check("channel", "error", text, _allow(names))
    return Check("channel", "ok", say("{where}: nothing is missing.", where=where))


def _missing(
    channel: discord.abc.GuildChannel | discord.Thread, me: discord.Member, listed: Listed
) -> list[str]:
    """What is lacking by itself; without the permissions of `IMPLIED` the rest counts for nothing.

    A thread has the permissions of its parent.
    """
    thread = isinstance(channel, discord.Thread)
    source = listed.get(channel.parent_id) if isinstance(channel, discord.Thread) else channel
    names = missing(source.permissions_for(me), thread=thread) if source else []
    if IMPLIED[0] in names:
        return [IMPLIED[0]]
    return [name for name in names if name != "Embed Links" or IMPLIED[1] not in names]


def _allow(names: Iterable[str]) -> str:
    return say(
        "In that channel's settings, page Permissions, allow the bot's role: {names}.",
        names=", ".join(names),
    )
