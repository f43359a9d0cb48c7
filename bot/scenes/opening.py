"""What stands at the top of a scene."""

from collections.abc import Sequence
from typing import Any

import discord

from roleplay.chats.chat import Chat
from roleplay.phrases import say

CHOOSE = "persona:choose"
"""The button's id: it says nothing of the scene, which is where it was pressed."""

LAST_SHOWN = 5
"""Messages of an imported chat that are shown in its thread."""

EXCERPT = 300
"""Characters of each of them."""


def opening(names: Sequence[str]) -> str:
    """`names` are those of the characters; none: the channel's own plays."""
    listed = ", ".join(discord.utils.escape_markdown(name[:80]) for name in names)
    if not listed:
        return say("-# The scene begins. Write here to take part.")
    return say("-# A scene with {names}. Write here to take part.", names=listed)[:1000]


def retold(chat: Chat) -> str:
    """What stands in the thread of an imported chat: how it ended there."""
    said = [line for line in chat.lines if not line.hidden]
    head = say("-# {count} messages were brought along. This is how it ended:", count=len(said))
    quotes = [
        f"**{discord.utils.escape_markdown(line.name[:80])}**: {_short(line.text)}"
        for line in said[-LAST_SHOWN:]
    ]
    return "\n".join([head, *quotes])[:2000]


def persona_button() -> discord.ui.View:
    """Choose my persona. It works after a restart: `on_interaction` knows it by its id.

    The view is stopped at once, so that discord.py does not keep it for ever.
    """
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Button[Any](
            label=say("Choose my persona"),
            emoji="🎭",
            style=discord.ButtonStyle.secondary,
            custom_id=CHOOSE,
        )
    )
    view.stop()
    return view


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"
