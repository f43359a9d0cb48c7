"""What an outage notice says. Pure: values in, an embed out."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.causes import cause, plain, quote
from roleplay.affected import Affected
from roleplay.health import HealthState
from roleplay.incidents import Incident
from roleplay.phrases import say

RED = 15158332
GREEN = 3066993
GREY = 9807270

LONGEST_FIELD = 1024
"""Discord's own limit, in characters."""

MOST_CHANNELS = 15
"""Channels named in one line; the others are counted."""

MOST_PROFILES = 4
"""Profiles named in a title; the others are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice tells beside the incident itself.

    `profiles` are those of the incident that concern the reader; none: all of them. `outages`: how
    many began within the last hour. `checks` are the successes in a row that an unstable profile
    needs, 0: it is not. `planned` is until when it may be away. `seen_by` has taken it on.
    `elsewhere` and `unanswered` are messages that others answered and nobody did. `everywhere` sums
    up all servers, for those who read of all of them.
    """

    profiles: Sequence[str] = ()
    outages: int = 1
    checks: int = 0
    planned: float | None = None
    state: HealthState | None = None
    seen_by: int = 0
    muted_until: float = 0.0
    elsewhere: int = 0
    unanswered: int = 0
    everywhere: str = ""


ALONE = Told()


def opened(incident: Incident, concerned: Affected, told: Told = ALONE) -> discord.Embed:
    """The notice of an outage that goes on; `told.everywhere` takes the place of `concerned`."""
    names = [name for name in incident.down if not told.profiles or name in told.profiles]
    lines = [
        _host(incident, names),
        cause(incident.code),
        quote(incident.detail),
        _rungs(told.state),
        say("Since <t:{at}:R>.", at=int(incident.opened_at)),
        _well_again(incident, told),
        _flapping(told),
        _planned(told),
    ]
    embed = _embed(title_down(names or incident.down), RED, lines)
    if incident.hint:
        embed.add_field(name=say("What helps"), value=plain(incident.hint), inline=False)
    if told.everywhere:
        embed.add_field(name=say("Affected"), value=told.everywhere, inline=False)
    else:
        embed.add_field(name=say("Here"), value=_fitting(_here(concerned)), inline=False)
    if taken := care(told.seen_by, told.muted_until):
        embed.add_field(name=say("Taken care of"), value=taken, inline=False)
    return embed


def closed(incident: Incident, *, removed: bool = False, told: Told = ALONE) -> discord.Embed:
    """The same notice, once all answer again, or were removed while they were down."""
    names = [name for name in incident.profiles if not told.profiles or name in told.profiles]
    ended = incident.opened_at if incident.closed_at is None else incident.closed_at
    lines = [
        say(
            "It was down for **{duration}**, from <t:{start}:f> to <t:{end}:f>.",
            duration=duration(ended - incident.opened_at),
            start=int(incident.opened_at),
            end=int(ended),
        ),
        say("The cause: {cause}", cause=cause(incident.code)),
        _meanwhile(told),
    ]
    named = _profiles(names or incident.profiles)
    several = len(names or incident.profiles) > 1
    if removed:
        title = say("{names} were removed") if several else say("{names} was removed")
        return _embed(title.replace("{names}", named), GREY, lines)
    title = say("{names} are back") if several else say("{names} is back")
    return _embed(title.replace("{names}", named), GREEN, lines)


def reminder(names: Sequence[str], seconds: float) -> discord.Embed:
    """An answer to the notice of an outage that nobody has taken on."""
    text = say(
        "For {duration} now. *Acknowledge* or *Mute* ends these reminders.",
        duration=duration(seconds),
    )
    return _embed(say("Still down: {names}", names=_profiles(names)), RED, [text])


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


def title_down(names: Sequence[str]) -> str:
    text = say("{names} are down") if len(names) > 1 else say("{names} is down")
    return text.replace("{names}", _profiles(names))


def _profiles(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:MOST_PROFILES]]
    more = len(names) - len(shown)
    if more > 0:
        return say("{names} and {more} more", names=", ".join(shown), more=more)
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _embed(title: str, colour: int, lines: list[str]) -> discord.Embed:
    text = "\n".join(line for line in lines if line)
    return discord.Embed(title=title, colour=colour, description=text)


def _host(incident: Incident, names: Sequence[str]) -> str:
    """Where several fail together, it is their host that fails."""
    if len(names) < 2:
        return ""
    return say("They share the host {host}.", host=quote(incident.host))


def _rungs(state: HealthState | None) -> str:
    """How far up a check came."""
    if state is None or not state.host:
        return ""
    if state.model is False:
        return say("Its host answers, but the model is not in its list.")
    if state.refused_at > state.answered_at:
        return say("Its host answers, but the model does not.")
    return ""


def _well_again(incident: Incident, told: Told) -> str:
    well = [
        each.profile
        for each in incident.members
        if each.recovered_at is not None and (not told.profiles or each.profile in told.profiles)
    ]
    return say("Well again: {names}.", names=_profiles(well)) if well else ""


def _flapping(told: Told) -> str:
    if told.checks:
        return say(
            "It is unstable: it fails again and again, so it counts as back after {checks} good "
            "checks in a row.",
            checks=told.checks,
        )
    if told.outages > 1:
        return say("This is outage {number} within an hour.", number=told.outages)
    return ""


def _planned(told: Told) -> str:
    if told.planned is None:
        return ""
    return say("🔧 Planned maintenance until <t:{at}:t>.", at=int(told.planned))


def care(seen_by: int, muted_until: float) -> str:
    """Who has taken it on, and until when it is quiet; "" for neither."""
    lines: list[str] = []
    if seen_by:
        lines.append(say("<@{user}> has seen it.", user=seen_by))
    if muted_until == float("inf"):
        lines.append(say("Muted until it is back."))
    elif muted_until:
        lines.append(say("Muted until <t:{at}:t>.", at=int(muted_until)))
    return "\n".join(lines)


def _meanwhile(told: Told) -> str:
    if not (told.elsewhere or told.unanswered):
        return ""
    return say(
        "Messages meanwhile: {elsewhere} answered by another profile, {unanswered} not answered.",
        elsewhere=told.elsewhere,
        unanswered=told.unanswered,
    )


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
