"""Changes of settings, one page: a line each, and buttons that work after a restart."""

import re
from collections.abc import Sequence
from typing import Any

import discord

from bot.split import split
from roleplay.audit import Change, differences
from roleplay.phrases import say

PAGE = 8
"""Changes of a page; their Undo buttons need two rows at most, Older stands in the last."""

LONGEST_FACT = 60

UNDO = re.compile(r"audit-undo:(?P<number>\d{1,18})")
OLDER = re.compile(
    r"audit-older:(?P<before>\d{1,18}):(?P<who>\d{0,20}):(?P<days>\d{1,3}):(?P<action>[a-z ]{0,20})"
)


def text_of(changes: Sequence[Change]) -> str:
    """Fits one message."""
    lines = [line(change) for change in changes]
    return split("\n".join(lines))[0].shown if lines else say("Nothing was changed.")


def line(change: Change) -> str:
    facts = "; ".join(
        f"{name}: {_short(before)} → {_short(after)}" for name, before, after in differences(change)
    )
    return say(
        "**{number}** <t:{at}:R> <@{who}> · {action} {target}{gone}{undone}",
        number=change.id,
        at=int(change.at),
        who=change.actor_id,
        action=change.action,
        target=_target(change),
        gone=_event(change),
        undone=say(" (undone)") if change.undone else "",
    ) + (f"\n-# {facts}" if facts else "")


def buttons(
    changes: Sequence[Change], *, more: bool, who: int | None, days: int, action: str | None
) -> discord.ui.View:
    """Undo for each that can be, and Older. `on_interaction` knows them by their ids."""
    view = discord.ui.View(timeout=None)
    for change in changes:
        if change.undoable:
            label = say("Undo {number}", number=change.id)
            view.add_item(discord.ui.Button[Any](label=label, custom_id=f"audit-undo:{change.id}"))
    if more:
        key = f"audit-older:{changes[-1].id}:{who or ''}:{days}:{action or ''}"
        view.add_item(discord.ui.Button[Any](label=say("Older"), custom_id=key, row=4))
    view.stop()
    return view


def _event(change: Change) -> str:
    if change.before is None:
        return say(": new")
    return say(": removed") if change.after is None else ""


def _target(change: Change) -> str:
    if change.action in ("channel", "characters", "preset", "note", "memory"):
        return f"<#{change.target}>"
    return "" if change.action == "server" else f"`{change.target}`".replace("``", "")


def _short(fact: object) -> str:
    if fact is None:
        return "·"
    text = " ".join(str(fact).split()).replace("`", "'")
    return f"`{text[:LONGEST_FACT]}…`" if len(text) > LONGEST_FACT else f"`{text}`"
