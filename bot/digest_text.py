"""One message for many outages that began together."""

from collections.abc import Sequence

import discord

from bot.causes import cause
from bot.notice_text import GREEN, RED, duration
from roleplay.incidents import Incident
from roleplay.phrases import say

LONGEST = 4000
"""Characters of an embed's description: Discord takes 4,096."""


def digest(
    incidents: Sequence[Incident], planned: float | None = None, care: str = ""
) -> discord.Embed:
    """All of them, those that go on first. `care`: who has taken them on."""
    going = [each for each in incidents if each.closed_at is None]
    over = [each for each in incidents if each.closed_at is not None]
    down = sum(len(each.down) for each in going)
    total = sum(len(each.profiles) for each in incidents)
    if going:
        title = say("{down} profiles are down", down=down)
    else:
        title = say("All {total} profiles are back", total=total)
    first = min(each.opened_at for each in incidents)
    head = [
        say("They failed together, <t:{at}:R>.", at=int(first)),
        say("🔧 Planned maintenance until <t:{at}:t>.", at=int(planned)) if planned else "",
    ]
    lines = [*filter(None, head), *map(_line, [*going, *over])]
    colour = RED if going else GREEN
    embed = discord.Embed(title=title, colour=colour, description=_fitting(lines))
    if care:
        embed.add_field(name=say("Taken care of"), value=care, inline=False)
    return embed


def _line(incident: Incident) -> str:
    names = ", ".join(f"`{name}`" for name in incident.down or incident.profiles)
    if incident.closed_at is None:
        return say("🔴 {names}: {cause}", names=names, cause=cause(incident.code))
    lasted = duration(incident.closed_at - incident.opened_at)
    return say("🟢 {names}: was down for {duration}", names=names, duration=lasted)


def _fitting(lines: Sequence[str]) -> str:
    """As many lines as fit, and how many do not."""
    for shown in range(len(lines), -1, -1):
        rest = len(lines) - shown
        more = [say("… and {count} more", count=rest)] if rest else []
        text = "\n".join([*lines[:shown], *more])
        if len(text) <= LONGEST:
            return text
    return ""
