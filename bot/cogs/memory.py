"""/memory: what a channel remembers of what no longer fits into a prompt."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import manager_only, require_manager
from bot.choices import ProfileNames
from bot.cogs.turns import channel_of, parent_of
from roleplay.memory.store import Memory, Remembered
from roleplay.memory.summariser import KEPT_BACK, Summariser
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.scene import Scene, Scenes

MANAGERS = {"manager": True}

LONGEST = 4000
"""Characters of a form's field."""

SHOWN = 3800
"""Characters of a summary, within an embed's."""

WORDS = app_commands.Range[str, 1, 100]


class SummaryForm(discord.ui.Modal):
    """The summary, to be changed."""

    def __init__(self, memory: Memory, channel_id: int, text: str, clock: Clock) -> None:
        super().__init__(title=say("What happened so far"))
        self._memory = memory
        self._channel_id = channel_id
        self._clock = clock
        self._field = discord.ui.TextInput[Any](
            custom_id="summary",
            style=discord.TextStyle.paragraph,
            default=text[:LONGEST],
            max_length=LONGEST,
        )
        self.add_item(discord.ui.Label(text=say("Summary"), component=self._field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await require_manager(interaction)
        text = self._field.value.strip()
        by, at = interaction.user.id, self._clock.now()
        saved = await self._memory.edit(self._channel_id, text, by, at)
        nothing = say("Nothing was said here yet, so there is nothing to sum up.")
        await tell(interaction, say("Saved.") if saved else nothing)


@app_commands.guild_only()
class MemoryCommands(
    commands.GroupCog, group_name="memory", group_description="What is remembered in this channel"
):
    """Anyone may look; those who manage the server may change it."""

    def __init__(
        self,
        memory: Memory,
        summariser: Summariser,
        scenes: Scenes,
        profiles: ProfileNames,
        clock: Clock,
    ) -> None:
        self._memory = memory
        self._summariser = summariser
        self._scenes = scenes
        self._profiles = profiles
        self._clock = clock

    @app_commands.command(description="The summary of what happened here so far.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        known = await self._memory.of(channel_of(interaction), most_waiting=1000)
        text = known.summary.text if known.summary else ""
        embed = discord.Embed(
            title=say("What happened so far"),
            description=text[:SHOWN] or say("Nothing is summed up yet."),
        )
        embed.set_footer(text="\n".join(self._lines(known)))
        await tell(interaction, "", embed=embed)

    @app_commands.command(description="Write the summary yourself.", extras=MANAGERS)
    @manager_only()
    async def edit(self, interaction: discord.Interaction[Any]) -> None:
        channel_id = channel_of(interaction)
        known = await self._memory.of(channel_id)
        text = known.summary.text if known.summary else ""
        form = SummaryForm(self._memory, channel_id, text, self._clock)
        await interaction.response.send_modal(form)

    @app_commands.command(description="Forget the summary. What was said is kept.", extras=MANAGERS)
    @manager_only()
    async def clear(self, interaction: discord.Interaction[Any]) -> None:
        gone = await self._memory.clear(channel_of(interaction))
        nothing = say("There was no summary.")
        await tell(interaction, say("The summary is forgotten.") if gone else nothing)

    @app_commands.command(description="Sum up now what was said.", extras=MANAGERS)
    @manager_only()
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        scene = await self._scene(interaction)
        if scene is None:
            await tell(interaction, say("This channel is not bound: I am silent here."))
            return
        await think(interaction)
        outcome = await self._summariser.write(
            scene.channel_id, scene.profile.profile, 1, wait=True
        )
        answers = {
            "written": say("Summed up: /memory show."),
            "nothing": say("There is nothing to sum up beside the last {n} messages.", n=KEPT_BACK),
            "changed": say("Messages were deleted meanwhile; try again."),
            "off": say("Memory is off here: /memory on."),
        }
        await tell(interaction, answers.get(outcome, say("Later: the profile has other work.")))

    @app_commands.command(description="Remember in this channel.", extras=MANAGERS)
    @manager_only()
    async def on(self, interaction: discord.Interaction[Any]) -> None:
        await self._choose(interaction, enabled=True)
        await tell(interaction, say("I remember here: summaries, and earlier moments."))

    @app_commands.command(
        description="Sum nothing up and recall nothing in this channel.", extras=MANAGERS
    )
    @manager_only()
    async def off(self, interaction: discord.Interaction[Any]) -> None:
        await self._choose(interaction, enabled=False)
        await tell(interaction, say("Memory is off here. The summary is kept: /memory clear."))

    @app_commands.command(
        description="Which profile writes the summaries of this channel.", extras=MANAGERS
    )
    @app_commands.describe(name="Empty: the one that speaks in the channel")
    @manager_only()
    async def profile(
        self, interaction: discord.Interaction[Any], name: WORDS | None = None
    ) -> None:
        if name and (problem := self._profiles.problem(name)):
            await tell(interaction, problem)
            return
        await self._choose(interaction, profile=name or "")
        own = say("The channel's own profile writes the summaries.")
        await tell(interaction, say("{name} writes the summaries.", name=name) if name else own)

    @profile.autocomplete("name")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _choose(self, interaction: discord.Interaction[Any], **changed: Any) -> None:
        channel_id, guild_id = channel_of(interaction), interaction.guild_id
        choice = (await self._memory.of(channel_id)).choice
        await self._memory.choose(replace(choice, guild_id=guild_id, **changed))

    async def _scene(self, interaction: discord.Interaction[Any]) -> Scene | None:
        return await self._scenes.load(
            channel_of(interaction), parent_of(interaction), interaction.guild_id
        )

    def _lines(self, known: Remembered) -> list[str]:
        on = say("on") if self._summariser.enabled(known) else say("off")
        lines = [say("Memory: {on}. Messages since: {count}.", on=on, count=known.waiting)]
        if known.choice.profile:
            lines.append(say("Written by the profile {name}.", name=known.choice.profile))
        if known.summary and known.summary.edited_by:
            lines.append(say("Last written by a person."))
        if known.summary and known.summary.stale:
            lines.append(say("Something it covers was changed since."))
        if failed := self._summariser.failure(known.choice.channel_id):
            lines.append(say("The last try failed: {why}", why=failed.detail[:500]))
        return lines
