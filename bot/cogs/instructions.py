"""/instructions: what every character here is told before the story and after it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import require_manager
from bot.cogs.turns import channel_of, parent_of
from bot.prompts.forms import TextForm
from bot.prompts.wording import instruction_text
from roleplay.phrases import say
from roleplay.prompting.instructions import Part, Scope
from roleplay.prompting.settings import PromptSettings, SettingsContributor


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class InstructionCommands(
    commands.GroupCog,
    group_name="instructions",
    group_description="What every character here is told",
):
    """The nearest decision counts: channel, parent channel (for threads), server, config."""

    def __init__(self, settings: PromptSettings, effective: SettingsContributor) -> None:
        self._settings = settings
        self._effective = effective

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Write what every character here is told.")
    @app_commands.describe(
        part="main: the first text of a prompt. post-history: the last one",
        scope="For this channel alone, or for the whole server",
    )
    async def set(
        self, interaction: discord.Interaction[Any], part: Part, scope: Scope = "channel"
    ) -> None:
        scope_id = _scope_id(interaction, scope)
        before = (await self._settings.instructions(scope, scope_id)).get(part, "")

        async def submit(submitted: discord.Interaction[Any], text: str) -> None:
            await require_manager(submitted)
            await self._settings.save_instruction(
                scope, scope_id, submitted.guild_id or 0, part, text
            )
            await self._show(submitted, say("Saved."))

        title = say("Main prompt") if part == "main" else say("Post-history instructions")
        await interaction.response.send_modal(TextForm(title, before, submit, required=False))

    @app_commands.command(description="Show what every character here is told, and who says so.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        await self._show(interaction, "")

    @app_commands.command(description="Remove what was written here; what lies behind it counts.")
    @app_commands.describe(
        part="main: the first text of a prompt. post-history: the last one",
        scope="Of this channel, or of the whole server",
    )
    async def clear(
        self, interaction: discord.Interaction[Any], part: Part, scope: Scope = "channel"
    ) -> None:
        scope_id = _scope_id(interaction, scope)
        gone = await self._settings.clear_instruction(scope, scope_id, part)
        headline = say("It is gone.") if gone else say("There was none.")
        await self._show(interaction, headline)

    async def _show(self, interaction: discord.Interaction[Any], headline: str) -> None:
        here = await self._effective.instructions(
            channel_of(interaction), parent_of(interaction), interaction.guild_id
        )
        texts = (
            headline,
            instruction_text(say("Main prompt"), here.main),
            instruction_text(say("Post-history instructions"), here.post_history),
            say("-# A character's card may have its own in their place; /prompt shows the whole."),
        )
        await tell(interaction, "\n".join(filter(None, texts))[:2000])


def _scope_id(interaction: discord.Interaction[Any], scope: Scope) -> int:
    return channel_of(interaction) if scope == "channel" else interaction.guild_id or 0
