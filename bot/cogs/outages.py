"""/outages: where a server is told of outages."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import notice_text
from bot.answers import tell, think
from bot.checks import is_owner, require_manager
from bot.letters import WEBHOOK, Letter, Place
from bot.notice_board import NoticeBoard, lacking
from bot.telling import Telling
from roleplay.bindings import Bindings
from roleplay.phrases import say

Channel = discord.TextChannel | discord.Thread | discord.ForumChannel


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class OutageCommands(
    commands.GroupCog, group_name="outages", group_description="Notices when a model is down"
):
    """Without a channel a server gets no notices."""

    def __init__(self, bindings: Bindings, board: NoticeBoard, telling: Telling) -> None:
        self._bindings = bindings
        self._board = board
        self._telling = telling
        self._notices = telling.notices

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Post outage notices in a channel, thread or forum.")
    @app_commands.describe(channel="Empty: this one. In a forum each outage is a post")
    async def channel(
        self, interaction: discord.Interaction[Any], channel: Channel | None = None
    ) -> None:
        chosen = channel or interaction.channel
        if not isinstance(chosen, Channel):
            await tell(interaction, say("Choose a text channel, a thread or a forum."))
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

    @app_commands.command(description="Post a trial notice wherever notices go.")
    async def test(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        places = await self._places(interaction)
        if not places:
            await tell(interaction, say("Choose a channel first, with `/outages channel`."))
            return
        letter = Letter("test", notice_text.trial())
        lines: list[str] = []
        for place in places:
            why = await self._telling.try_out(place, letter, f"t{interaction.id}")
            where = _named(place)
            lines.append(
                say("⚠️ {where}: {why}", where=where, why=why)
                if why
                else say("Posted: {where}.", where=where)
            )
        self._notices.wake()
        await tell(interaction, "\n".join(lines)[:2000])

    async def _places(self, interaction: discord.Interaction[Any]) -> list[Place]:
        """This server's, and for the bot's owner the others that are the owner's own."""
        guild = await self._bindings.guild(interaction.guild_id or 0)
        channel = guild.outage_channel_id
        here = [Place(guild.guild_id, channel)] if channel is not None else []
        more = await self._telling.elsewhere() if await is_owner(interaction) else ()
        return [*here, *more]

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


def _named(place: Place) -> str:
    if place.id == WEBHOOK:
        return say("the webhook")
    if place.is_guild:
        return f"<#{place.channel_id}>"
    return say("direct messages of <@{owner}>", owner=-place.id)
