"""/preset: SillyTavern's presets for a server's channels."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import require_manager
from bot.choices import MOST_CHOICES
from bot.cogs.cast import place_of
from bot.presets.files import preset_of
from bot.presets.text import in_force, kept, report
from roleplay.errors import PresetError
from roleplay.phrases import say
from roleplay.presets.applied import preset_in_force
from roleplay.presets.store import Presets, StoredPreset
from roleplay.profiles import ConnectionProfile
from roleplay.scene import Scenes

NAME = app_commands.Range[str, 1, 80]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class PresetCommands(
    commands.GroupCog, group_name="preset", group_description="Samplers and templates of a channel"
):
    """A preset is its server's; a channel uses one or none."""

    def __init__(
        self,
        presets: Presets,
        scenes: Scenes,
        profiles: Callable[[], Mapping[str, ConnectionProfile]],
    ) -> None:
        self._presets = presets
        self._scenes = scenes
        self._profiles = profiles

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(name="import", description="Bring in a preset of SillyTavern.")
    @app_commands.describe(name="Another name than the file's; one that is there is replaced")
    async def import_(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment,
        name: NAME | None = None,
    ) -> None:
        await think(interaction)
        preset = await preset_of(file)
        preset = replace(preset, name=name) if name else preset
        if not preset.parts:
            raise PresetError(
                say("{file} holds nothing that a channel can use.", file=file.filename[:80]),
                hint=say("An instruct template is named by a profile: see /profiles and the docs."),
            )
        await self._presets.save(preset, place_of(interaction).guild_id, interaction.user.id)
        ending = say("/preset use {name} lets this channel use it.", name=preset.name)
        await tell(interaction, f"{report(preset)[:1800]}\n{ending}")

    @app_commands.command(name="list", description="The presets of this server.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        names = await self._presets.names(place_of(interaction).guild_id)
        listed = "\n".join(f"- {name}" for name in names)
        await tell(
            interaction, listed[:2000] or say("There is none. /preset import brings one in.")
        )

    @app_commands.command(description="What a preset holds; without a name, what is in force here.")
    async def show(self, interaction: discord.Interaction[Any], name: NAME | None = None) -> None:
        if name:
            stored = await self._known(interaction, name)
            await tell(interaction, kept(stored.preset)[:2000])
        else:
            await tell(interaction, (await self._in_force(interaction))[:2000])

    @app_commands.command(description="Choose this channel's preset; without a name, none.")
    async def use(self, interaction: discord.Interaction[Any], name: NAME | None = None) -> None:
        at = place_of(interaction)
        stored = await self._known(interaction, name) if name else None
        chosen = stored.preset.name if stored else None
        await self._presets.use(at.channel_id, at.guild_id, chosen)
        await tell(interaction, (await self._in_force(interaction))[:2000])

    @app_commands.command(description="Remove a preset from this server.")
    async def remove(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        stored = await self._known(interaction, name)
        await self._presets.remove(name, stored.guild_id)
        gone = say("**{name}** is removed; no channel uses it.", name=stored.preset.name)
        await tell(interaction, gone)

    @show.autocomplete("name")
    @use.autocomplete("name")
    @remove.autocomplete("name")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        names = await self._presets.names(place_of(interaction).guild_id)
        found = [name for name in names if typed.casefold() in name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in found[:MOST_CHOICES]]

    async def _known(self, interaction: discord.Interaction[Any], name: str) -> StoredPreset:
        stored = await self._presets.find(name, place_of(interaction).guild_id)
        if stored is None:
            raise PresetError(
                say("There is no preset “{name}”.", name=name),
                hint=say("/preset list names those that there are."),
            )
        return stored

    async def _in_force(self, interaction: discord.Interaction[Any]) -> str:
        at = place_of(interaction)
        own = await self._presets.used(at.channel_id)
        used = await preset_in_force(self._presets, at.channel_id, at.parent_id)
        scene = await self._scenes.load(at.channel_id, at.parent_id, at.guild_id)
        profile = self._profiles().get(scene.profile.profile) if scene else None
        return in_force(used.preset if used else None, profile, inherited=own is None)
