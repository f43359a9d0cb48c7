"""/limits: how much may be asked for, and by whom."""

import math
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import is_owner, manager_only
from bot.choices import ProfileNames
from bot.config.limits import window_of
from bot.places import channel_of, parent_of
from roleplay.budgets import BILLION, Charge, Limit, Scope, What
from roleplay.durations import read_duration
from roleplay.limit_words import amount_of, origin_of, payer_of
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.purse import Purse
from storage.budgets import SqlBudgets

MOST = 1_000_000_000.0


@app_commands.guild_only()
class LimitCommands(
    commands.GroupCog, group_name="limits", group_description="How much may be asked for"
):
    """Everybody sees their own; managers set a server's, the bot's owner those of profiles."""

    def __init__(
        self, budgets: SqlBudgets, purse: Purse, profiles: ProfileNames, clock: Clock
    ) -> None:
        self._budgets = budgets
        self._purse = purse
        self._profiles = profiles
        self._clock = clock

    @app_commands.command(description="What limits you here, and how much of it is used.")
    async def mine(self, interaction: discord.Interaction[Any]) -> None:
        charge = _charge(interaction)
        lines = [await self._used(limit, charge) for limit in await self._purse.limits(charge)]
        await tell(interaction, "\n".join(lines)[:2000] or say("Nothing limits you here."))

    @app_commands.command(description="All limits that hold in this server, and who set them.")
    @manager_only()
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        kept = await self._budgets.limits(interaction.guild_id or 0)
        owners = await self._budgets.limits(0)
        lines = [_told(limit) for limit in (*self._purse.fixed(), *owners, *kept)]
        if len(lines) > 1:
            lines.append(say("-# All of them hold: the strictest decides."))
        none = say("No limits are set here. /limits set makes one.")
        await tell(interaction, "\n".join(lines)[:2000] or none)

    @app_commands.command(name="set", description="Limit what may be asked for, within any window.")
    @app_commands.describe(
        scope="user: one person, here. channel, server: all of it. profile: the owner alone",
        what="messages: replies. tokens: prompt and reply. money: in the prices' currency",
        amount="At most",
        per="The window: 60s, 30m, 1d",
        person="With user; empty: each person",
        channel="With channel; empty: each channel",
        profile="With profile; empty: each profile",
    )
    @manager_only()
    async def set_(  # noqa: PLR0917 - these are the command's options
        self,
        interaction: discord.Interaction[Any],
        scope: Scope,
        what: What,
        amount: app_commands.Range[float, 0.0001, MOST],
        per: str,
        person: discord.Member | None = None,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        profile: str | None = None,
    ) -> None:
        if scope == "profile" and not await is_owner(interaction):
            await tell(interaction, say("Profiles belong to all servers: only the owner limits."))
            return
        if problem := self._profiles.problem(profile) if profile else None:
            await tell(interaction, problem)
            return
        try:
            seconds = read_duration(window_of(per))
        except ValueError as exc:
            await tell(interaction, str(exc))
            return
        targets = {"user": person and person.id, "channel": channel and channel.id}
        target = profile if scope == "profile" else targets.get(scope)
        guild_id = 0 if scope == "profile" else interaction.guild_id or 0
        limit = Limit(scope, what, amount, seconds, str(target or ""), guild_id)
        saved = await self._budgets.set_limit(limit)
        await tell(interaction, say("Saved: {limit}", limit=_told(saved)))

    @app_commands.command(description="Remove a limit.")
    @app_commands.describe(number="From /limits show")
    @manager_only()
    async def clear(self, interaction: discord.Interaction[Any], number: int) -> None:
        gone = await self._budgets.clear(number, interaction.guild_id or 0)
        if gone is None and await is_owner(interaction):
            gone = await self._budgets.clear(number, 0)
        none = say("No limit of this number was set here. Those of config.json are changed there.")
        await tell(interaction, say("Removed: {limit}", limit=_told(gone)) if gone else none)

    @clear.autocomplete("number")
    async def _numbers(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[int]]:
        del typed
        kept = [*await self._budgets.limits(interaction.guild_id or 0)]
        if await is_owner(interaction):
            kept += await self._budgets.limits(0)
        return [app_commands.Choice(name=_told(limit)[:100], value=limit.id) for limit in kept[:25]]

    @set_.autocomplete("profile")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _used(self, limit: Limit, charge: Charge) -> str:
        spent = await self._budgets.used(charge, limit, self._clock.now())
        shown = spent / BILLION if limit.what == "money" else spent
        return say(
            "{who}: {used} of {limit}",
            who=payer_of(limit),
            used=f"{math.ceil(shown * 1e4) / 1e4:,.10g}",
            limit=amount_of(limit),
        )


def _charge(interaction: discord.Interaction[Any]) -> Charge:
    home = parent_of(interaction) or channel_of(interaction)
    return Charge(interaction.user.id, home, interaction.guild_id)


def _told(limit: Limit) -> str:
    number = f"{limit.id}. " if limit.id else ""
    return say(
        "{number}{who}: {limit} (set by {origin})",
        number=number,
        who=payer_of(limit),
        limit=amount_of(limit),
        origin=origin_of(limit),
    )
