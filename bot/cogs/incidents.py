"""/incidents: the outages there were, and the same as a table."""

import io
from collections.abc import Sequence
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import manager_only
from bot.choices import ProfileNames
from bot.incident_csv import to_csv
from bot.incident_text import headline
from roleplay.health import HealthStore, Incident
from roleplay.phrases import count, say
from roleplay.ports import Clock

MOST = 1000
"""Outages that are looked through, the newest first."""

SHOWN = 15

DAY = 86400

Which = Literal["all", "open", "closed"]


class IncidentsCommand(commands.Cog):
    def __init__(self, store: HealthStore, profiles: ProfileNames, clock: Clock) -> None:
        self._store = store
        self._profiles = profiles
        self._clock = clock

    @app_commands.command(description="The outages there were.")
    @app_commands.describe(
        profile="Of this profile alone",
        which="Those that go on, or those that are over",
        days="How many days back; else 30",
        table="true: all of them as a CSV file",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @manager_only()
    async def incidents(
        self,
        interaction: discord.Interaction[Any],
        profile: str | None = None,
        which: Which = "all",
        days: app_commands.Range[int, 1, 366] = 30,
        table: bool = False,  # noqa: FBT001, FBT002 - an option in Discord
    ) -> None:
        if profile and (problem := self._profiles.problem(profile)):
            await tell(interaction, problem)
            return
        await think(interaction)
        found = await self._found(profile, which, self._clock.now() - days * DAY)
        if not found:
            none = count(
                days, "No outages in the last day.", "No outages in the last {count} days."
            )
            await tell(interaction, none)
        elif table:
            body = io.BytesIO(to_csv(found, self._clock.now()))
            await tell(interaction, _title(days), file=discord.File(body, "incidents.csv"))
        else:
            await tell(interaction, "", embed=_embed(found, days))

    @incidents.autocomplete("profile")
    async def _profile_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _found(self, profile: str | None, which: Which, since: float) -> list[Incident]:
        """An outage that began earlier counts while it reaches into the time asked for."""
        return [
            incident
            for incident in await self._store.incidents(profile, limit=MOST)
            if (incident.closed_at is None or incident.closed_at >= since)
            and (which == "all" or (which == "open") == (incident.closed_at is None))
        ]


def _embed(found: Sequence[Incident], days: int) -> discord.Embed:
    lines = [headline(incident) for incident in found[:SHOWN]]
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        lines.append(say("… and {count} more: ask for them with `table`.", count=more))
    return discord.Embed(title=_title(days), description="\n".join(lines))


def _title(days: int) -> str:
    return count(days, "Outages of the last day", "Outages of the last {count} days")
