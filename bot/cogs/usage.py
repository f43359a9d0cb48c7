"""/usage: what replies took and cost."""

from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import manager_only
from bot.costs import Costs
from bot.usage_text import day, rows, usage_embed
from roleplay.phrases import count, say
from roleplay.ports import Clock
from roleplay.usage import Spent
from storage.usage import SqlUsage

DAY = 86400

NOTHING = Spent("", 0, 0, 0, 0, 0, 0, 0.0)


class UsageCommand(commands.Cog):
    """Managers see their server; the bot's owner may see all of them."""

    def __init__(self, usage: SqlUsage, costs: Costs, clock: Clock) -> None:
        self._usage = usage
        self._costs = costs
        self._clock = clock

    @app_commands.command(description="What replies took and cost, by profile, channel and day.")
    @app_commands.describe(
        days="How many days back; else 30", everywhere="All servers; for the bot's owner"
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @manager_only()
    async def usage(
        self,
        interaction: discord.Interaction[Any],
        days: app_commands.Range[int, 1, 365] = 30,
        everywhere: bool = False,  # noqa: FBT001, FBT002 - an option in Discord
    ) -> None:
        if everywhere and not await self._is_owner(interaction):
            await tell(interaction, say("Only the bot's owner may see all servers."))
            return
        await self._costs.settle()
        embed = await self._embed(days, None if everywhere else interaction.guild_id)
        await tell(interaction, "", embed=embed)

    async def _embed(self, days: int, guild_id: int | None) -> discord.Embed:
        """Whole days in UTC, today's included."""
        since = (self._clock.now() // DAY - days + 1) * DAY
        total = await self._usage.spent("total", since, guild_id)
        profiles = await self._usage.spent("profile", since, guild_id)
        daily = await self._usage.spent("day", since, guild_id)
        lists = [
            (say("By profile"), rows(profiles, lambda one: f"`{one.key}`")),
            await self._places(since, guild_id),
            *await self._kinds(since, guild_id),
            (say("By day (UTC)"), rows(daily[::-1], lambda one: day(int(one.key)))),
        ]
        title = (
            count(days, "Usage of the last day", "Usage of the last {count} days")
            if guild_id
            else count(
                days,
                "Usage of the last day, all servers",
                "Usage of the last {count} days, all servers",
            )
        )
        return usage_embed(title, total[0] if total else NOTHING, lists)

    async def _kinds(self, since: float, guild_id: int | None) -> list[tuple[str, list[str]]]:
        """Only where there is more than replies."""
        kinds = await self._usage.spent("kind", since, guild_id)
        names = {
            "reply": say("replies"),
            "summary": say("summaries"),
            "impersonation": say("people's own messages"),
        }
        if len(kinds) < 2:
            return []
        return [(say("By kind"), rows(kinds, lambda one: names.get(str(one.key), str(one.key))))]

    async def _places(self, since: float, guild_id: int | None) -> tuple[str, list[str]]:
        if guild_id:
            channels = await self._usage.spent("channel", since, guild_id)
            return say("By channel"), rows(channels, lambda one: f"<#{one.key}>")
        servers = await self._usage.spent("server", since)
        return say("By server"), rows(servers, lambda one: f"`{one.key}`")

    async def _is_owner(self, interaction: discord.Interaction[Any]) -> bool:
        return await cast("commands.Bot", interaction.client).is_owner(interaction.user)
