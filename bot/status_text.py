"""How `/status` reads. Pure: values in, an embed out. Made for a phone: a line or two a profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import discord

from bot.causes import cause, plain, quote
from bot.notice_text import GREEN, GREY, RED, duration
from roleplay.health import HealthState, Status
from roleplay.phrases import say

LONGEST = 4096
"""Discord's own limit of an embed's description, in characters."""


@dataclass(frozen=True, slots=True)
class Row:
    """One profile. `resting`: seconds its breaker lets no request pass; None: until it is well.

    `running` and `waiting` are requests; `cautions` what its admin should know.
    """

    state: HealthState
    breaker: Literal["closed", "open", "half-open"] = "closed"
    resting: float | None = 0.0
    running: int = 0
    waiting: int = 0
    cautions: Sequence[str] = ()


def status(
    rows: Sequence[Row], *, details: bool, notices: str = "", settings: str = ""
) -> discord.Embed:
    """`details` are for managers: causes, hints, breakers.

    `notices` is said of outage notices, `settings` of a config that does not hold.
    """
    entries = [_entry(row, details=details) for row in rows]
    text = _fitting(
        entries or [say("No profile is in use here.")], LONGEST - len(notices) - len(settings) - 4
    )
    embed = discord.Embed(title=say("Language models"), colour=_colour(rows), description=text)
    if notices:
        embed.add_field(name=say("Outage notices"), value=notices, inline=False)
    if settings:
        embed.add_field(name=say("Settings"), value=settings, inline=False)
    return embed


def _entry(row: Row, *, details: bool) -> str:
    """An entry of several lines is set off from the next one."""
    state = row.state
    lines = [_headline(state)]
    if details:
        if state.code and (state.failures or state.status == "down"):
            lines += [cause(state.code), quote(state.detail), plain(state.hint)]
        lines += [_breaker(row), _queue(row)]
        lines += [f"⚠️ {plain(caution)}" for caution in row.cautions]
    said = [line for line in lines if line]
    return "\n".join([*said, ""] if len(said) > 1 else said)


def _headline(state: HealthState) -> str:
    signs: dict[Status, str] = {"up": "🟢", "starting": "🟡", "down": "🔴", "unknown": "⚪"}
    parts = [say("{sign} `{profile}` {word}", sign=signs[state.status], **_named(state))]
    if state.status != "unknown":
        parts.append(say("since <t:{at}:R>", at=int(state.since)))
    if state.status == "up" and state.latency is not None:
        parts.append(_latency(state.latency))
    return " · ".join(parts)


def _named(state: HealthState) -> dict[str, str]:
    words: dict[Status, str] = {
        "up": say("is up"),
        "starting": say("is starting"),
        "down": say("is down"),
        "unknown": say("was not checked yet"),
    }
    return {"profile": state.profile, "word": words[state.status]}


def _latency(seconds: float) -> str:
    if seconds >= 10:
        return say("{seconds} s", seconds=round(seconds))
    if seconds >= 1:
        return say("{seconds} s", seconds=f"{seconds:.1f}")
    return say("{ms} ms", ms=max(round(seconds * 1000), 1))


def _breaker(row: Row) -> str:
    if row.breaker == "closed":
        return ""
    if row.breaker == "half-open":
        return say("Messages skip it; the next one tries it.")
    if row.resting is None:
        return say("Messages skip it until a check succeeds.")
    return say("Messages skip it for {duration}.", duration=duration(max(row.resting, 1)))


def _queue(row: Row) -> str:
    if row.waiting:
        return say(
            "{running} being answered, {waiting} waiting in line.",
            running=row.running,
            waiting=row.waiting,
        )
    return say("{running} being answered.", running=row.running) if row.running else ""


def _colour(rows: Sequence[Row]) -> int:
    found = {row.state.status for row in rows}
    if "down" in found:
        return RED
    return GREEN if found == {"up"} else GREY


def _fitting(entries: list[str], room: int) -> str:
    """As many whole entries as fit, and how many do not."""
    for shown in range(len(entries), -1, -1):
        rest = len(entries) - shown
        more = [say("… and {count} more", count=rest)] if rest else []
        text = "\n".join([*entries[:shown], *more])
        if len(text) <= room:
            return text.rstrip()
    return ""
