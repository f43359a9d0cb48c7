"""/maintenance: when profiles are expected to be away."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import require_owner
from bot.choices import ProfileNames
from bot.config.health import start_of
from bot.maintenance_text import described
from roleplay.durations import read_duration
from roleplay.maintenance import Window
from roleplay.phrases import say
from roleplay.plans import Plans
from roleplay.ports import Clock

LONGEST_REASON = 200


@app_commands.default_permissions(administrator=True)
class MaintenanceCommands(
    commands.GroupCog,
    group_name="maintenance",
    group_description="Times in which models may be away (the bot's owner only)",
    group_extras={"owner": True},
):
    """Profiles belong to all servers, so only the bot's owner plans."""

    def __init__(
        self, plans: Plans, profiles: ProfileNames, wake: Callable[[], None], clock: Clock
    ) -> None:
        self._plans = plans
        self._profiles = profiles
        self._wake = wake
        self._clock = clock

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_owner(interaction)

    @app_commands.command(description="From now on, for so long: no notices, nothing is counted.")
    @app_commands.describe(
        duration="30m, 2h, 1d", profile="Empty: all of them", reason="Shown in /maintenance list"
    )
    async def now(
        self,
        interaction: discord.Interaction[Any],
        duration: str,
        profile: str | None = None,
        reason: app_commands.Range[str, 0, LONGEST_REASON] = "",
    ) -> None:
        window = Window(
            profiles=(profile,) if profile else (),
            start=self._clock.now(),
            seconds=read_duration(duration),
            reason=reason,
            created_by=interaction.user.id,
        )
        await self._plan(interaction, window)

    @app_commands.command(description="Plan a window: once, or again and again.")
    @app_commands.describe(
        duration="30m, 2h, 1d",
        start="Once: 2027-01-31T04:00",
        cron="Again and again: minute hour day month weekday, such as 0 4 * * 0",
        zone="Whose clock: Europe/Berlin. Empty: UTC",
        profile="Empty: all of them",
        reason="Shown in /maintenance list",
    )
    async def add(  # noqa: PLR0917 - these are the command's options
        self,
        interaction: discord.Interaction[Any],
        duration: str,
        start: str | None = None,
        cron: str | None = None,
        zone: str = "UTC",
        profile: str | None = None,
        reason: app_commands.Range[str, 0, LONGEST_REASON] = "",
    ) -> None:
        if bool(start) == bool(cron):
            await tell(interaction, say("Give either a start or a cron."))
            return
        window = Window(
            profiles=(profile,) if profile else (),
            start=start_of(start, zone) if start else 0.0,
            seconds=read_duration(duration),
            cron=cron or "",
            zone=zone,
            reason=reason,
            created_by=interaction.user.id,
        )
        await self._plan(interaction, window)

    @app_commands.command(name="list", description="What is planned.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        now = self._clock.now()
        lines = [described(window, now) for window in self._plans.all()]
        await tell(interaction, "\n".join(lines)[:2000] or say("Nothing is planned."))

    @app_commands.command(description="Plan a window no more. What is going on ends.")
    @app_commands.describe(number="From /maintenance list")
    async def remove(self, interaction: discord.Interaction[Any], number: int) -> None:
        removed = await self._plans.remove(number)
        self._wake()
        none = say("Nothing of this number was planned here. config.json has windows of its own.")
        await tell(interaction, say("It is planned no more.") if removed else none)

    @now.autocomplete("profile")
    @add.autocomplete("profile")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    @remove.autocomplete("number")
    async def _numbers(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[int]]:
        del interaction, typed
        now = self._clock.now()
        return [
            app_commands.Choice(name=described(each, now, plain=True)[:100], value=each.id)
            for each in self._plans.all()
            if each.id
        ][:25]

    async def _plan(self, interaction: discord.Interaction[Any], window: Window) -> None:
        for name in window.profiles:
            if problem := self._profiles.problem(name):
                await tell(interaction, problem)
                return
        added = await self._plans.add(window)
        self._wake()
        await tell(interaction, say("Planned: {what}", what=described(added, self._clock.now())))
