"""One outage as a line."""

from bot.causes import cause
from bot.notice_text import duration
from roleplay.health import Incident
from roleplay.phrases import say


def headline(incident: Incident) -> str:
    if incident.closed_at is None:
        return say(
            "🔴 `{profile}` since <t:{at}:R> · {cause}",
            profile=incident.profile,
            at=int(incident.opened_at),
            cause=cause(incident.code),
        )
    return say(
        "🟢 `{profile}` <t:{at}:f> for {duration} · {cause}",
        profile=incident.profile,
        at=int(incident.opened_at),
        duration=duration(incident.closed_at - incident.opened_at),
        cause=cause(incident.code),
    )
