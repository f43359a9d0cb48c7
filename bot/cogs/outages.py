"""/outages: where this server reads that a language model is down."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import notice_text
from bot.answers import tell, think
from bot.checks import require_manager
from bot.notice_board import NoticeBoard, NotTaken, lacking
from bot.notices import Notices
from roleplay.bindings import Bindings
from roleplay.phrases import say


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class OutageCommands(
    commands.GroupCog, group_name="outages", group_description="Notices when a model is down"
):
    """Without a channel a server gets no notices."""

    def __init__(self, bindings: Bindings, board: NoticeBoard, notices: Notices) -> None:
        self._bindings = bindings
        self._board = board
        self._notices = notices

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Post outage notices in a channel.")
    @app_commands.describe(channel="Empty: this one")
    async def channel(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel | None = None
    ) -> None:
        chosen = channel or interaction.channel
        if not isinstance(chosen, discord.TextChannel):
            await tell(interaction, say("Choose a text channel, not a thread or voice channel."))
            return
        await self._save(interaction, chosen.id)
        self._board.allow(chosen.id)
        lines = [say("Outage notices go to <#{channel}>.", channel=chosen.id)]
        if problem := lacking(chosen):
            lines.append(f"⚠️ {problem}")
        else:
            lines.append(say("Try it with `/outages test`."))
        await tell(interaction, "\n".join(lines))

    @app_commands.command(description="Post no outage notices in this server.")
    async def off(self, interaction: discord.Interaction[Any]) -> None:
        await self._save(interaction, None)
        await tell(interaction, say("Outage notices are off. `/status` still tells."))

    @app_commands.command(description="Post a trial notice in the outage channel.")
    async def test(self, interaction: discord.Interaction[Any]) -> None:
        guild = await self._bindings.guild(interaction.guild_id or 0)
        channel = guild.outage_channel_id
        if channel is None:
            await tell(interaction, say("Choose a channel first, with `/outages channel`."))
            return
        await think(interaction)
        self._board.allow(channel)
        try:
            await self._board.post(
                guild.guild_id, channel, notice_text.trial(), f"t{interaction.id}"
            )
        except NotTaken as exc:
            await tell(interaction, f"⚠️ {exc}")
            return
        self._notices.wake()
        await tell(interaction, say("Posted in <#{channel}>.", channel=channel))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        self._notices.wake()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        del guild
        self._notices.wake()

    async def _save(self, interaction: discord.Interaction[Any], channel_id: int | None) -> None:
        guild = await self._bindings.guild(interaction.guild_id or 0)
        await self._bindings.save_guild(replace(guild, outage_channel_id=channel_id))
        self._notices.wake()
