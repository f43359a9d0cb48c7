"""/note: what the story is reminded of, over and over."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.checks import require_manager
from bot.cogs.turns import channel_of, parent_of
from bot.prompts.forms import TextForm
from bot.prompts.wording import note_text
from roleplay.chat import Role
from roleplay.phrases import say
from roleplay.prompting.note import MOST_DEPTH, MOST_INTERVAL, AuthorsNote
from roleplay.prompting.settings import PromptSettings, SettingsContributor


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class NoteCommands(commands.GroupCog, group_name="note", group_description="The author's note"):
    """A thread without a note of its own has its parent's."""

    def __init__(self, settings: PromptSettings, effective: SettingsContributor) -> None:
        self._settings = settings
        self._effective = effective

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Write the author's note of this channel.")
    @app_commands.describe(
        depth="How many messages before the end it stands; as it was, or 4",
        interval="With every so many messages of people; 0: off; as it was, or 1",
        role="Who says it; as it was, or the system",
        place="Among the chat, or before or after the main prompt; as it was, or the chat",
    )
    async def set(
        self,
        interaction: discord.Interaction[Any],
        depth: app_commands.Range[int, 0, MOST_DEPTH] | None = None,
        interval: app_commands.Range[int, 0, MOST_INTERVAL] | None = None,
        role: Role | None = None,
        place: Literal["chat", "before", "after"] | None = None,
    ) -> None:
        before = await self._settings.note(channel_of(interaction)) or AuthorsNote("")

        async def submit(submitted: discord.Interaction[Any], text: str) -> None:
            await require_manager(submitted)
            note = AuthorsNote(
                text,
                before.depth if depth is None else depth,
                before.interval if interval is None else interval,
                role or before.role,
                place or before.place,
            )
            await self._settings.save_note(channel_of(submitted), submitted.guild_id or 0, note)
            await tell(submitted, note_text(note))

        await interaction.response.send_modal(TextForm(say("Author's note"), before.text, submit))

    @app_commands.command(description="Show the author's note of this channel.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        note = await self._effective.note(channel_of(interaction), parent_of(interaction))
        await tell(interaction, note_text(note) if note else say("There is no author's note here."))

    @app_commands.command(description="Remove the author's note of this channel.")
    async def clear(self, interaction: discord.Interaction[Any]) -> None:
        gone = await self._settings.clear_note(channel_of(interaction))
        none = say("This channel has no author's note of its own.")
        await tell(interaction, say("The author's note is gone.") if gone else none)
