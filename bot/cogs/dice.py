"""/roll and /random: thrown before everyone, and part of the story where there is one."""

import random
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.turns import channel_of, parent_of
from bot.inbox import Inbox
from bot.reception import Reception
from roleplay.dice import Rolled, roll
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.sanitise import speaker_name
from roleplay.transcript import IncomingMessage

MOST_DETAIL = 300
"""Characters of the single dice that are shown."""

MOST_OPTIONS = 50


class DiceCommands(commands.Cog):
    """What is thrown in a bound channel is remembered as said by the one who threw it.

    It asks for no answer: people tell what comes of it.
    """

    def __init__(
        self, inbox: Inbox, reception: Reception, clock: Clock, rng: random.Random
    ) -> None:
        self._inbox = inbox
        self._reception = reception
        self._clock = clock
        self._rng = rng

    @app_commands.command(description="Throw dice: 2d6+1, 4d6kh3, d20adv, 3dF, d%.")
    @app_commands.describe(dice="Such as 2d6+1", reason="What it is for")
    async def roll(
        self,
        interaction: discord.Interaction[Any],
        dice: app_commands.Range[str, 1, 100],
        reason: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        rolled, written = roll(dice, self._rng), "".join(dice.split())
        why = f" ({discord.utils.escape_markdown(reason)})" if reason else ""
        shown = say(
            "🎲 {dice}{why}: **{total}**{detail}",
            dice=written,
            why=why,
            total=rolled.total,
            detail=_detail(rolled),
        )
        told = say("*rolls {dice}: {total}*", dice=written, total=rolled.total)
        if reason:
            told = say(
                "*rolls {dice} for {reason}: {total}*",
                dice=written,
                reason=reason,
                total=rolled.total,
            )
        await self._tell(interaction, shown, told)

    @app_commands.command(description="Let chance decide between A, B and C; without any: a coin.")
    @app_commands.describe(options="Divided by commas")
    async def random(
        self,
        interaction: discord.Interaction[Any],
        options: app_commands.Range[str, 1, 1000] | None = None,
    ) -> None:
        found = [option.strip() for option in (options or "").split(",") if option.strip()]
        among = found[:MOST_OPTIONS] or [say("heads"), say("tails")]
        chosen = self._rng.choice(among)
        shown = f"🎲 **{discord.utils.escape_markdown(chosen)}**"
        if found:
            of = ", ".join(map(discord.utils.escape_markdown, among))
            shown = say("{chosen} (of {options})", chosen=shown, options=of)
            told = say("*lets chance decide: {chosen}*", chosen=chosen)
        else:
            told = say("*flips a coin: {chosen}*", chosen=chosen)
        await self._tell(interaction, shown, told)

    async def _tell(self, interaction: discord.Interaction[Any], shown: str, told: str) -> None:
        sent = await interaction.response.send_message(
            shown[:2000], allowed_mentions=discord.AllowedMentions.none()
        )
        if sent.message_id is not None and interaction.channel_id is not None:
            said = self._as_said(interaction, sent.message_id, told)
            self._inbox.put(partial(self._reception.accept, said, late=True))

    def _as_said(
        self, interaction: discord.Interaction[Any], message_id: int, text: str
    ) -> IncomingMessage:
        return IncomingMessage(
            discord_id=message_id,
            channel_id=channel_of(interaction),
            guild_id=interaction.guild_id,
            author_id=interaction.user.id,
            author_name=speaker_name(interaction.user.display_name),
            text=text,
            created_at=self._clock.now(),
            parent_channel_id=parent_of(interaction),
        )


def _detail(rolled: Rolled) -> str:
    shown = rolled.shown
    if not shown:
        return ""
    return f" = {shown}" if len(shown) <= MOST_DETAIL else say(" = (many dice)")
