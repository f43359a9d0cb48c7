"""One outage as a line."""

from collections.abc import Collection, Sequence

from bot.causes import cause
from bot.notice_text import duration
from roleplay.health import Incident
from roleplay.phrases import say

MOST_NAMES = 3
"""Profiles that are named; the others are counted."""


def headline(incident: Incident, among: Collection[str] | None = None) -> str:
    """`among` are the profiles that the reader may see; None: all."""
    named = _named([name for name in incident.profiles if among is None or name in among])
    if incident.closed_at is None:
        return say(
            "🔴 {profile} since <t:{at}:R> · {cause}",
            profile=named,
            at=int(incident.opened_at),
            cause=cause(incident.code),
        )
    return say(
        "🟢 {profile} <t:{at}:f> for {duration} · {cause}",
        profile=named,
        at=int(incident.opened_at),
        duration=duration(incident.closed_at - incident.opened_at),
        cause=cause(incident.code),
    )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return say("{names} and {more} more", names=shown, more=more) if more > 0 else shown
