"""/profiles: the profiles themselves. For the bot's owner alone: they spend the owner's keys."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import is_owner, require_owner
from bot.choices import MOST_CHOICES, ProfileNames
from bot.config.servers import addresses
from bot.presets.files import preset_of
from bot.presets.text import report
from bot.profiles.buttons import OneButton, tell_undoable
from bot.profiles.desk import ProfileDesk
from bot.profiles.fields import Fields, fields_of
from bot.profiles.form import ProfileForm
from bot.profiles.moving import Moving
from bot.profiles.use_text import use_text
from roleplay.phrases import say


@app_commands.default_permissions(administrator=True)
class OwnerProfileCommands(
    commands.GroupCog,
    group_name="profiles",
    group_description="Add, change and remove language models (the bot's owner only)",
    group_extras={"owner": True},
):
    """Works in a conversation with the bot too, where no server's permissions count."""

    def __init__(self, desk: ProfileDesk, profiles: ProfileNames, moving: Moving) -> None:
        self._desk = desk
        self._profiles = profiles
        self._moving = moving

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_owner(interaction)

    @app_commands.command(description="Add a profile.")
    @app_commands.describe(type="The kind of server; empty: openai and all that speak like it")
    async def add(
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, 64],
        type: str | None = None,  # noqa: A002 - the option's name, as in config.json
    ) -> None:
        if not await self._refused(interaction, self._desk.taken(name)):
            await self._form(interaction, name, Fields(), type)

    @app_commands.command(description="Change a profile that was added here.")
    async def edit(self, interaction: discord.Interaction[Any], name: str) -> None:
        if not await self._refused(interaction, self._desk.fixed(name)):
            await self._form(interaction, name, fields_of(self._desk.body(name) or {}))

    @app_commands.command(description="Give a profile that was added here another model.")
    @app_commands.describe(model="As the server lists it")
    async def model(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        model: app_commands.Range[str, 1, 100],
    ) -> None:
        if await self._refused(interaction, self._desk.fixed(name)):
            return
        await think(interaction)
        text = await self._desk.choose_model(name, model, interaction.user.id)
        await tell(interaction, text[:2000])

    @app_commands.command(description="Give a profile that was added here a preset's sampler.")
    @app_commands.describe(file="A sampler preset of SillyTavern; what it leaves open stays")
    async def sampler(
        self, interaction: discord.Interaction[Any], name: str, file: discord.Attachment
    ) -> None:
        if await self._refused(interaction, self._desk.fixed(name)):
            return
        await think(interaction)
        preset = await preset_of(file)
        text = await self._desk.take_sampler(name, preset, interaction.user.id)
        await tell(interaction, f"{report(preset, for_profile=True)[:1200]}\n{text}"[:2000])

    @app_commands.command(description="Add a profile that begins as a copy, say with a new key.")
    @app_commands.describe(name="The profile to copy", new_name="The name of the copy")
    async def copy(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        new_name: app_commands.Range[str, 1, 64],
    ) -> None:
        body = self._desk.body(name)
        problem = self._profiles.problem(name) if body is None else self._desk.taken(new_name)
        if not await self._refused(interaction, problem):
            await self._form(interaction, new_name, fields_of(body or {}))

    @app_commands.command(description="Who uses a profile.")
    async def who(self, interaction: discord.Interaction[Any], name: str) -> None:
        use = await self._desk.use(name)
        await tell(interaction, use_text(name, use, interaction.client))

    @app_commands.command(description="Remove a profile that was added here.")
    async def remove(self, interaction: discord.Interaction[Any], name: str) -> None:
        if await self._refused(interaction, self._desk.fixed(name)):
            return
        used = use_text(name, await self._desk.use(name), interaction.client)
        text = say("{used}\nRemove “{name}” for good?", used=used, name=name)
        danger = discord.ButtonStyle.danger
        remove = partial(self._desk.remove, name)
        await tell(interaction, text, view=OneButton(say("Remove it"), danger, remove, is_owner))

    @app_commands.command(description="Move all channels of all servers to another profile.")
    @app_commands.describe(old="They use this one now", new="They will use this one")
    async def move(self, interaction: discord.Interaction[Any], old: str, new: str) -> None:
        if await self._refused(interaction, self._profiles.problem(new)):
            return
        done = await self._moving(old, new, None)
        await tell_undoable(interaction, done.text, done.undo, is_owner)

    @app_commands.command(description="Read config.json again, now.")
    async def reload(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        await tell(interaction, (await self._desk.reload())[:2000])

    @add.autocomplete("type")
    async def _types(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        names = [name for name in sorted(addresses()) if typed.lower() in name]
        return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]

    @model.autocomplete("model")
    async def _models(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not await is_owner(interaction):
            return []
        listed = self._desk.models(str(interaction.namespace.name))
        names = [name for name in listed if typed.lower() in name.lower() and len(name) <= 100]
        return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]

    @edit.autocomplete("name")
    @model.autocomplete("name")
    @sampler.autocomplete("name")
    @remove.autocomplete("name")
    async def _added(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not await is_owner(interaction):
            return []
        names = [name for name in self._desk.added() if typed.lower() in name.lower()]
        return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]

    @copy.autocomplete("name")
    @who.autocomplete("name")
    @move.autocomplete("old")
    @move.autocomplete("new")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _form(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        fields: Fields,
        kind: str | None = None,
    ) -> None:
        async def submit(submitted: discord.Interaction[Any], written: Fields) -> None:
            await require_owner(submitted)
            await tell(
                submitted, (await self._desk.save(name, kind, written, submitted.user.id))[:2000]
            )

        title = say("Profile {name}", name=name)
        await interaction.response.send_modal(ProfileForm(title, fields, submit))

    async def _refused(self, interaction: discord.Interaction[Any], problem: str | None) -> bool:
        if problem:
            await tell(interaction, problem)
        return problem is not None
