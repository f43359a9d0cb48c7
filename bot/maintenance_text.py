"""How a planned window reads."""

from datetime import UTC, datetime

from bot.causes import plain as harmless
from bot.notice_text import duration
from roleplay.maintenance import Window
from roleplay.phrases import say


def described(window: Window, now: float, *, plain: bool = False) -> str:
    """One line. `plain`: without Discord's marks, for a list to choose from."""
    number = f"{window.id}" if window.id else say("config.json")
    who = ", ".join(window.profiles) or say("all profiles")
    parts = [say("{number}: {who}", number=number, who=who), _when(window, plain=plain)]
    until = window.until(now)
    if until is not None:
        parts.append(say("now, until {at}", at=_at(until, plain=plain)))
    elif window.cron and (following := window.next_start(now)) is not None:
        parts.append(say("next {at}", at=_at(following, plain=plain)))
    if window.reason:
        parts.append(window.reason if plain else harmless(window.reason))
    return " · ".join(parts)


def _when(window: Window, *, plain: bool) -> str:
    lasts = duration(window.seconds)
    if window.cron:
        cron = window.cron if plain else f"`{window.cron.replace('`', '')}`"
        return say("{cron} {zone} for {lasts}", cron=cron, zone=window.zone, lasts=lasts)
    return say("{at} for {lasts}", at=_at(window.start, plain=plain), lasts=lasts)


def _at(at: float, *, plain: bool) -> str:
    if plain:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<t:{int(at)}:f>"
