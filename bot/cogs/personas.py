"""/persona: who people are in stories. All of it is seen by the one who asks, and by no other."""

import io
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.cogs.turns import channel_of, parent_of
from bot.personas.desk import OWN_NAME, PersonaDesk
from bot.personas.form import PersonaForm
from roleplay.errors import PersonaError
from roleplay.personas import Persona
from roleplay.phrases import say

NAME = app_commands.Range[str, 1, 100]

LARGEST = 2 * 1024 * 1024
"""Bytes of a file with personas."""

LARGEST_PICTURE = 8 * 1024 * 1024


@app_commands.guild_only()
class PersonaCommands(
    commands.GroupCog, group_name="persona", group_description="Who you are in stories"
):
    """Personas belong to people: they are the same in every server, and shown in none."""

    def __init__(self, desk: PersonaDesk) -> None:
        self._desk = desk

    @app_commands.command(description="Write a persona: a name, and what characters know of you.")
    async def create(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(PersonaForm(self._created))

    @app_commands.command(description="Change one of your personas.")
    async def edit(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        persona = await self._desk.mine(interaction.user.id, name)
        form = PersonaForm(partial(self._changed, persona), persona)
        await interaction.response.send_modal(form)

    @app_commands.command(name="list", description="Your personas.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        user_id = interaction.user.id
        worn = await self._desk.worn(user_id, channel_of(interaction), parent_of(interaction))
        await tell(interaction, (await self._desk.show_all(user_id, worn))[:2000])

    @app_commands.command(description="One of your personas, as characters know it.")
    async def show(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        persona = await self._desk.mine(interaction.user.id, name)
        shown = discord.Embed(title=persona.name, description=persona.description or None)
        picture = await self._desk.picture(persona)
        if picture is None:
            await tell(interaction, "", embed=shown)
            return
        shown.set_thumbnail(url="attachment://persona.webp")
        file = discord.File(io.BytesIO(picture), "persona.webp")
        await tell(interaction, "", embed=shown, file=file)

    @app_commands.command(description="Give one of your personas a picture.")
    async def picture(
        self, interaction: discord.Interaction[Any], name: NAME, file: discord.Attachment
    ) -> None:
        await think(interaction)
        data = await _downloaded(file, LARGEST_PICTURE)
        await tell(interaction, await self._desk.hang(interaction.user.id, name, data))

    @app_commands.command(description="Be one of your personas in this channel or thread.")
    @app_commands.describe(name="Empty: your default again. “-”: your own name")
    async def use(self, interaction: discord.Interaction[Any], name: NAME | None = None) -> None:
        told = await self._desk.use(
            interaction.user.id, channel_of(interaction), interaction.guild_id, name
        )
        await tell(interaction, told)

    @app_commands.command(description="Be one of your personas wherever you chose no other.")
    @app_commands.describe(name="“-”: your own name")
    async def default(self, interaction: discord.Interaction[Any], name: NAME = OWN_NAME) -> None:
        await tell(interaction, await self._desk.make_default(interaction.user.id, name))

    @app_commands.command(description="Remove one of your personas for good.")
    async def remove(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        await tell(interaction, await self._desk.remove(interaction.user.id, name))

    @app_commands.command(name="import", description="Bring in SillyTavern's backup of personas.")
    async def import_(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        await think(interaction)
        data = await _downloaded(file, LARGEST)
        await tell(interaction, await self._desk.bring(interaction.user.id, data))

    @picture.autocomplete("name")
    @edit.autocomplete("name")
    @show.autocomplete("name")
    @use.autocomplete("name")
    @default.autocomplete("name")
    @remove.autocomplete("name")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._desk.choices(interaction.user.id, typed)

    async def _created(
        self, interaction: discord.Interaction[Any], name: str, description: str
    ) -> None:
        await tell(interaction, await self._desk.create(interaction.user.id, name, description))

    async def _changed(
        self, persona: Persona, interaction: discord.Interaction[Any], name: str, description: str
    ) -> None:
        await tell(interaction, await self._desk.change(persona, name, description))


async def _downloaded(file: discord.Attachment, most: int) -> bytes:
    name = file.filename[:80]
    if file.size > most:
        raise PersonaError(
            say("{file} is larger than {most} MB.", file=name, most=most // 1024**2),
            hint=say("Send a smaller one."),
        )
    try:
        return await file.read()
    except discord.HTTPException as exc:
        raise PersonaError(
            say("{file} cannot be downloaded from Discord.", file=name), hint=say("Send it again.")
        ) from exc
