"""The buttons under a reply that failed: Try again, and Why."""

import re
from typing import Any

import discord

from roleplay.phrases import say

BUTTON = re.compile(r"(?P<verb>retry|why):(?P<turn>\d{1,18})")


def buttons(turn_id: int) -> discord.ui.View:
    """Try again, and Why. They work after a restart: `on_interaction` knows them by their ids.

    The view is stopped at once, so that discord.py does not keep it for ever.
    """
    view = discord.ui.View(timeout=None)
    again = discord.ui.Button[Any](
        label=say("Try again"), style=discord.ButtonStyle.primary, custom_id=f"retry:{turn_id}"
    )
    view.add_item(again)
    view.add_item(discord.ui.Button[Any](label=say("Why?"), custom_id=f"why:{turn_id}"))
    view.stop()
    return view


def has_buttons(message: discord.Message) -> bool:
    """Whether it is a line about a reply that failed; speech may have buttons of its own."""
    rows = (row.children for row in message.components if isinstance(row, discord.ActionRow))
    ids = [str(getattr(button, "custom_id", "")) for row in rows for button in row]
    return any(BUTTON.fullmatch(each) for each in ids)
