"""The buttons under the notice of an outage that goes on."""

import re
from typing import Any

import discord

from roleplay.phrases import say

BUTTON = re.compile(r"outage:(?P<verb>ack|hour|mute|probe|switch|plan):(?P<incident>\d{1,18})")


def buttons(incident_id: int) -> discord.ui.View:
    """They work after a restart: `on_interaction` knows them by their ids.

    The view is stopped at once, so that discord.py does not keep it for ever.
    """
    labels = {
        "ack": say("Acknowledge"),
        "probe": say("Probe now"),
        "switch": say("Switch channels…"),
        "plan": say("Maintenance…"),
        "hour": say("Mute 1 h"),
        "mute": say("Mute until it is back"),
    }
    view = discord.ui.View(timeout=None)
    for verb, label in labels.items():
        style = discord.ButtonStyle.primary if verb == "ack" else discord.ButtonStyle.secondary
        button = discord.ui.Button[Any](
            label=label,
            style=style,
            custom_id=f"outage:{verb}:{incident_id}",
            row=0 if verb in ("ack", "probe", "switch", "plan") else 1,
        )
        view.add_item(button)
    view.stop()
    return view
