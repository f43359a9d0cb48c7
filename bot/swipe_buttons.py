"""The buttons below a channel's newest reply, and the one below a reply that is being written."""

import re
from dataclasses import dataclass
from typing import Any

import discord

from roleplay.chat import ChatReply
from roleplay.phrases import say
from roleplay.swipes import Swipe

BUTTON = re.compile(r"(?P<verb>left|right|again|on|drop|halt):(?P<turn>\d{1,18})")


@dataclass(frozen=True, slots=True)
class ReplyButtons:
    """They work after a restart: `on_interaction` knows them by their ids, which hold the turn's.

    Each view is stopped at once, so that discord.py does not keep it for ever.
    """

    turn_id: int
    swipe: Swipe

    @property
    def growing(self) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        view.add_item(self._button("halt", "⏹️", label=say("Stop")))
        view.stop()
        return view

    def ended(self, reply: ChatReply) -> discord.ui.View:
        """Of a reply that is whole; its alternatives are further variants."""
        number, count = self.swipe.number, self.swipe.count + len(reply.alternatives)
        greeting = self.swipe.kind == "greeting"
        view = discord.ui.View(timeout=None)
        view.add_item(self._button("left", "◀️", disabled=number == 0))
        label = f"{number + 1}/{count}"
        view.add_item(self._button("right", "▶️", label=label, disabled=greeting and count == 1))
        if not greeting:
            view.add_item(self._button("again", "🔁"))
        view.add_item(self._button("on", "⏩"))
        view.add_item(self._button("drop", "🗑️"))
        view.stop()
        return view

    def _button(
        self, verb: str, emoji: str, *, label: str | None = None, disabled: bool = False
    ) -> discord.ui.Button[Any]:
        return discord.ui.Button(
            label=label,
            emoji=emoji,
            style=discord.ButtonStyle.secondary,
            custom_id=f"{verb}:{self.turn_id}",
            disabled=disabled,
        )
