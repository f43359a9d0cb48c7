"""The character's voice in a channel, and the out-of-character lines beside it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import discord

from bot.errors import MessageGone
from bot.newest_rows import NewestRows
from bot.orphans import Orphans
from bot.pacing import Priority
from bot.replies import ReplyWriter
from bot.sending import Sender
from bot.swipe_buttons import ReplyButtons
from bot.turn_buttons import buttons
from roleplay.chat import StreamEvent
from roleplay.conversation import Spoken
from roleplay.errors import (
    AllProfilesFailed,
    BackendError,
    BudgetReached,
    RoleForgeError,
    Stopped,
)
from roleplay.phrases import say
from roleplay.swipes import FIRST, Swipe
from roleplay.transcript import Turn
from roleplay.voices import Voice

log = logging.getLogger(__name__)


class ChannelSpeaker:
    """A `roleplay.conversation.Speaker` on Discord.

    `edit_interval`, in seconds, and `buttons`, whether there are any, may be set anew. Deleting the
    reply while it grows is a way to stop it.
    """

    def __init__(
        self,
        sender: Sender,
        orphans: Orphans,
        rows: NewestRows,
        *,
        edit_interval: float,
        buttons: bool,
    ) -> None:
        self._sender = sender
        self._orphans = orphans
        self._rows = rows
        self.edit_interval = edit_interval
        self.buttons = buttons

    async def speak(
        self,
        turn: Turn,
        events: AsyncIterator[StreamEvent],
        posted: Callable[[int], Awaitable[None]],
        voice: Voice | None = None,
        swipe: Swipe = FIRST,
    ) -> Spoken:
        buttons = ReplyButtons(turn.id, swipe) if self.buttons else None
        writer = ReplyWriter(
            self._sender,
            turn.channel_id,
            posted=posted,
            edit_interval=self.edit_interval,
            existing=turn.posted,
            begun=swipe.begun,
            voice=voice,
            buttons=buttons,
        )
        try:
            spoken = await writer.write(events)
        except MessageGone as gone:
            raise Stopped(str(gone)) from gone
        if buttons:
            await self._rows.passed_to(turn, spoken)
        return spoken

    async def apologise(self, turn: Turn, error: RoleForgeError) -> None:
        await self._line(turn, apology(error))

    async def unsay(self, turn: Turn) -> None:
        for discord_id in turn.posted:
            await self._sender.delete(turn.channel_id, discord_id)

    async def offer_again(self, turn: Turn, posted: Callable[[int], Awaitable[None]]) -> None:
        try:
            for discord_id in await self._orphans.of(turn):
                await posted(discord_id)
        except discord.HTTPException as error:
            log.warning("Channel %d was not searched for a cut reply: %s", turn.channel_id, error)
        for discord_id in turn.posted[:1]:  # there may be a Stop
            self._sender.offer_view(turn.channel_id, discord_id, None)
        await self._line(turn, say("I was interrupted before this reply was finished."))

    async def remark(self, turn: Turn, text: str) -> None:
        await self._sender.post(turn.channel_id, f"-# {text}", priority=Priority.NOTICE)

    async def _line(self, turn: Turn, text: str) -> None:
        """Small print, so that nobody takes it for the character."""
        await self._sender.post(
            turn.channel_id, f"-# {text}", priority=Priority.FINAL, view=buttons(turn.id)
        )


def apology(error: RoleForgeError) -> str:
    """One line for the channel: what it means for the people there, not what broke where."""
    if isinstance(error, BudgetReached):
        return str(error)
    spent = error.causes if isinstance(error, AllProfilesFailed) else ()
    for cause in spent:
        if isinstance(cause, BudgetReached):
            return str(cause)
    if isinstance(error, BackendError):
        return say("No language model could answer just now. What you wrote is kept.")
    return say("I could not write my answer here. What you wrote is kept.")
