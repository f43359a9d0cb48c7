"""/retry, /stop, /reset, and the buttons under a reply that failed."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import is_manager, manager_only
from bot.inbox import Inbox
from bot.places import channel_of, parent_of
from bot.steering import on_the_card
from bot.turn_buttons import BUTTON
from bot.turns import Turns
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.rounds import Rounds
from roleplay.transcript import Transcript, Turn


class TurnCommands(commands.Cog):
    """What people do about a reply."""

    def __init__(
        self,
        transcript: Transcript,
        turns: Turns,
        inbox: Inbox,
        clock: Clock,
        *,
        rounds: Rounds,
    ) -> None:
        self._transcript = transcript
        self._rounds = rounds
        self._turns = turns
        self._inbox = inbox
        self._clock = clock

    @app_commands.command(description="Answer the last message again.")
    @app_commands.describe(all="The replies of all characters to it, not the last one alone")
    @app_commands.guild_only()
    async def retry(self, interaction: discord.Interaction[Any], all: bool = False) -> None:  # noqa: A002, FBT001, FBT002 - the option's name
        last = await self._transcript.last_turn(channel_of(interaction))
        again = self._round_again if all else self._again
        if last is None:
            await tell(interaction, say("There is nothing to answer again in this channel yet."))
        elif last.kind == "greeting" and last.state == "done":
            await tell(interaction, on_the_card())
        elif await again(interaction, last.id):
            await tell(interaction, say("Trying again."))
        else:
            await tell(interaction, say("A reply is being written right now."))

    @app_commands.command(description="Stop the reply that is being written.")
    @app_commands.guild_only()
    async def stop(self, interaction: discord.Interaction[Any]) -> None:
        stopped = self._turns.stop(channel_of(interaction))
        nothing = say("No reply is being written here.")
        await tell(interaction, say("Stopped.") if stopped else nothing)

    @app_commands.command(description="Begin this channel's story anew. Nothing is deleted.")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @manager_only()
    async def reset(self, interaction: discord.Interaction[Any]) -> None:
        self._turns.stop(channel_of(interaction))
        left_out = await self._transcript.reset(channel_of(interaction), self._clock.now())
        text = say(
            "A new story begins here. The character no longer sees the {count} messages before.",
            count=left_out,
        )
        await tell(interaction, text)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = BUTTON.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or pressed is None:
            return
        if pressed["verb"] == "retry":
            await self._pressed_retry(interaction, int(pressed["turn"]))
        else:
            await self._pressed_why(interaction, int(pressed["turn"]))

    async def _pressed_retry(self, interaction: discord.Interaction[Any], turn_id: int) -> None:
        turn = await self._transcript.turn(turn_id)
        if turn is None or turn.channel_id != channel_of(interaction):
            await tell(interaction, say("That message is gone, so there is nothing to answer."))
        elif turn.state == "done":
            await tell(interaction, say("This was answered in the meantime."))
        elif await self._again(interaction, turn_id, continues=turn.continues):
            await self._take_back(interaction)
        else:
            await tell(interaction, say("A reply is being written right now."))

    async def _pressed_why(self, interaction: discord.Interaction[Any], turn_id: int) -> None:
        turn = await self._transcript.turn(turn_id)
        if not await is_manager(interaction):
            await tell(interaction, say("The details are for those who manage this server."))
        elif turn is None or turn.channel_id != channel_of(interaction):
            await tell(interaction, say("Nothing is known of this message any more."))
        else:
            await tell(interaction, why(turn.error_code, turn.error_detail))

    async def _again(
        self, interaction: discord.Interaction[Any], turn_id: int, *, continues: bool = False
    ) -> bool:
        turn = await self._transcript.reopen(turn_id, continues=continues)
        if turn is None:
            return False
        self._inbox.put(partial(self._wake, turn, parent_of(interaction)))
        return True

    async def _round_again(self, interaction: discord.Interaction[Any], turn_id: int) -> bool:
        turns = await self._rounds.reopen_all(turn_id)
        for turn in turns:
            self._inbox.put(partial(self._wake, turn, parent_of(interaction)))
        return bool(turns)

    async def _wake(self, turn: Turn, parent_id: int | None) -> None:
        self._turns.wake(turn, parent_id)

    async def _take_back(self, interaction: discord.Interaction[Any]) -> None:
        """The line has done its work; the reply takes its place."""
        await interaction.response.defer()
        await interaction.delete_original_response()


def why(code: str, detail: str) -> str:
    """The causes as the admin reads them, within Discord's limit."""
    if code == "cut_off":
        return say("RoleForge was stopped or crashed while this reply was being written.")
    return say("Tried, in this order:\n{causes}", causes=detail[:1800] or code)
