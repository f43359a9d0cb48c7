"""What an outage notice says. Pure: values in, an embed out."""

import discord

from bot.causes import cause, plain, quote
from roleplay.affected import Affected
from roleplay.health import Incident
from roleplay.phrases import say

RED = 15158332
GREEN = 3066993
GREY = 9807270

LONGEST_FIELD = 1024
"""Discord's own limit, in characters."""

MOST_CHANNELS = 15
"""Channels named in one line; the others are counted."""


def opened(incident: Incident, concerned: Affected, outages: int) -> discord.Embed:
    """The notice of an outage that goes on. `outages`: how many began within the last hour."""
    lines = [
        cause(incident.code),
        quote(incident.detail),
        say("Since <t:{at}:R>.", at=int(incident.opened_at)),
        _flapping(outages),
    ]
    embed = _embed(say("`{profile}` is down", profile=incident.profile), RED, lines)
    if incident.hint:
        embed.add_field(name=say("What helps"), value=plain(incident.hint), inline=False)
    embed.add_field(name=say("Here"), value=_fitting(_here(concerned)), inline=False)
    return embed


def closed(incident: Incident, *, removed: bool = False) -> discord.Embed:
    """The same notice, once the profile answers again, or was removed while it was down."""
    ended = incident.opened_at if incident.closed_at is None else incident.closed_at
    lines = [
        say(
            "It was down for **{duration}**, from <t:{start}:f> to <t:{end}:f>.",
            duration=duration(ended - incident.opened_at),
            start=int(incident.opened_at),
            end=int(ended),
        ),
        say("The cause: {cause}", cause=cause(incident.code)),
    ]
    if removed:
        return _embed(say("`{profile}` was removed", profile=incident.profile), GREY, lines)
    return _embed(say("`{profile}` is back", profile=incident.profile), GREEN, lines)


def trial() -> discord.Embed:
    """What `/outages test` posts."""
    lines = [
        say("When a profile goes down, it is told here; the same message tells when it is back.")
    ]
    return _embed(say("Outage notices work here"), GREY, lines)


def duration(seconds: float) -> str:
    """Two units at most: "40 s", "5 min", "2 h 10 min", "3 d 4 h"."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return say("{s} s", s=whole)
    minutes = whole // 60
    if minutes < 60:
        return say("{min} min", min=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return say("{h} h {min} min", h=hours, min=minutes) if minutes else say("{h} h", h=hours)
    days, hours = divmod(hours, 24)
    return say("{d} d {h} h", d=days, h=hours) if hours else say("{d} d", d=days)


def _embed(title: str, colour: int, lines: list[str]) -> discord.Embed:
    text = "\n".join(line for line in lines if line)
    return discord.Embed(title=title, colour=colour, description=text)


def _flapping(outages: int) -> str:
    if outages < 2:
        return ""
    return say("This is outage {number} within an hour.", number=outages)


def _here(concerned: Affected) -> list[str]:
    lines: list[str] = []
    for instead, channels in concerned.speaking.items():
        named = _named(channels)
        if instead is None:
            lines.append(say("{channels}: no answers until it is back.", channels=named))
        else:
            lines.append(
                say("{channels}: `{profile}` answers instead.", channels=named, profile=instead)
            )
    if concerned.backup:
        lines.append(say("{channels}: one fallback less.", channels=_named(concerned.backup)))
    if not lines:
        lines.append(say("No channel speaks through it at the moment."))
    return lines


def _fitting(lines: list[str]) -> str:
    """As many whole lines as a field holds."""
    while len("\n".join(lines)) > LONGEST_FIELD:
        lines = [*lines[:-2], "…"]
    return "\n".join(lines)


def _named(channels: tuple[int, ...]) -> str:
    named = ", ".join(f"<#{channel}>" for channel in channels[:MOST_CHANNELS])
    more = len(channels) - MOST_CHANNELS
    return say("{named} and {more} more", named=named, more=more) if more > 0 else named
