"""/speak: ask one character to say something."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.casting.choices import CastNames
from bot.casting.desk import CastDesk
from bot.checks import may_write
from bot.cogs.cast import NAME, place_of
from bot.inbox import Inbox
from bot.turns import Turns
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.scene import Scenes
from roleplay.transcript import Transcript, Turn, TurnRequest

MOST_WAITING = 5
"""Turns that may wait in a channel before another one is asked for by hand."""

HINT = app_commands.Range[str, 1, 500]


class SpeakCommand(commands.Cog):
    """A muted character speaks, too, and one that is not in the channel's cast."""

    def __init__(
        self,
        desk: CastDesk,
        names: CastNames,
        scenes: Scenes,
        *,
        transcript: Transcript,
        turns: Turns,
        inbox: Inbox,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._names = names
        self._scenes = scenes
        self._transcript = transcript
        self._turns = turns
        self._inbox = inbox
        self._clock = clock

    @app_commands.command(description="Let a character speak now.")
    @app_commands.describe(hint="What it should do or say, seen by the model alone")
    @app_commands.guild_only()
    async def speak(
        self, interaction: discord.Interaction[Any], character: NAME, hint: HINT | None = None
    ) -> None:
        at = place_of(interaction)
        chosen = await self._desk.character(at, character)
        if refusal := await self._refusal(interaction):
            await tell(interaction, refusal)
            return
        request = TurnRequest(
            channel_id=at.channel_id,
            guild_id=at.guild_id,
            trigger_discord_id=interaction.id,
            created_at=self._clock.now(),
            character_id=chosen.id,
            requested_by=interaction.user.id,
            hint=hint or "",
        )
        turn = await self._transcript.queue(request)
        self._inbox.put(partial(self._wake, turn, at.parent_id))
        await tell(interaction, say("{name} speaks.", name=chosen.name))

    async def _refusal(self, interaction: discord.Interaction[Any]) -> str | None:
        at = place_of(interaction)
        if await self._scenes.load(at.channel_id, at.parent_id, at.guild_id) is None:
            return say("This channel is not bound: I am silent here.")
        if not may_write(interaction):
            return say("You may not write here, so you cannot ask a character to.")
        if self._turns.waiting(at.channel_id) >= MOST_WAITING:
            return say("Several replies are waiting here already. Try again in a moment.")
        return None

    async def _wake(self, turn: Turn, parent_id: int | None) -> None:
        self._turns.wake(turn, parent_id)

    @speak.autocomplete("character")
    async def _usable(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._names.usable(place_of(interaction), typed)
