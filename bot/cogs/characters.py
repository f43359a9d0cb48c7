"""/character: bring characters in, make, show and change them."""

import io
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.characters import text
from bot.characters.desk import CharacterDesk
from bot.characters.form import LABELS, CharacterForm, fields_of
from bot.characters.gallery import BUTTON, page
from bot.characters.names import CharacterNames
from bot.checks import is_manager, is_owner, manager_only, owner_only, require_manager
from bot.profiles.buttons import OneButton
from roleplay.characters.formats import every
from roleplay.characters.store import Characters, StoredCharacter
from roleplay.errors import CardError
from roleplay.phrases import say

LARGEST = 8 * 1024 * 1024
"""Bytes of a file that is brought in through Discord."""

NAME = app_commands.Range[str, 1, 100]

MANAGERS = {"manager": True}
OWNERS = {"owner": True}

FORMATS = [app_commands.Choice(name=form, value=form) for form in every()]


@app_commands.guild_only()
class CharacterCommands(
    commands.GroupCog, group_name="character", group_description="Who can be played here"
):
    """Anyone may look. Discord knows permissions of whole groups only, so each command checks."""

    def __init__(self, characters: Characters, names: CharacterNames, desk: CharacterDesk) -> None:
        self._characters = characters
        self._names = names
        self._desk = desk

    @app_commands.command(name="list", description="The characters of this server.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        await think(interaction)
        first = await page(self._characters, interaction.guild_id, 0)
        await interaction.followup.send(view=first.view, files=first.files, ephemeral=True)

    @app_commands.command(description="One character.")
    async def show(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        await think(interaction)
        stored = await self._names.get(name, interaction.guild_id)
        shown = text.embed(stored, details=await is_manager(interaction))
        avatar = await self._characters.avatar(stored.id)
        if avatar is None:
            await tell(interaction, "", embed=shown)
            return
        shown.set_thumbnail(url="attachment://avatar.webp")
        await tell(interaction, "", embed=shown, file=_file("avatar.webp", avatar))

    @app_commands.command(
        name="import",
        description="Bring in a character: PNG, APNG, JSON, CharX or YAML.",
        extras=MANAGERS,
    )
    @app_commands.describe(
        name="Another name than the card's", replace="A character whose place it takes"
    )
    @manager_only()
    async def import_(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment,
        name: NAME | None = None,
        replace: NAME | None = None,
    ) -> None:
        await think(interaction)
        before = await self._mine(interaction, replace) if replace else None
        data, label = await _downloaded(file), file.filename[:80]
        if before:
            answer = await self._desk.bring_anew(data, label, before)
        else:
            answer = await self._desk.bring(
                data, label, interaction.guild_id, interaction.user.id, name=name or ""
            )
        await tell(interaction, answer[:2000])

    @app_commands.command(description="Write a new character.", extras=MANAGERS)
    @manager_only()
    async def create(
        self, interaction: discord.Interaction[Any], picture: discord.Attachment | None = None
    ) -> None:
        async def submit(submitted: discord.Interaction[Any], fields: dict[str, str]) -> None:
            await require_manager(submitted)
            data = await _downloaded(picture) if picture else None
            user = submitted.user.id
            await tell(submitted, await self._desk.make(fields, submitted.guild_id, user, data))

        empty = dict.fromkeys(LABELS, "")
        await interaction.response.send_modal(CharacterForm(say("A new character"), empty, submit))

    @app_commands.command(
        description="Change a character. All else it has is kept.", extras=MANAGERS
    )
    @manager_only()
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        picture: discord.Attachment | None = None,
    ) -> None:
        stored = await self._mine(interaction, name)

        async def submit(submitted: discord.Interaction[Any], fields: dict[str, str]) -> None:
            await require_manager(submitted)
            now = await self._mine_by_id(submitted, stored.id)
            data = await _downloaded(picture) if picture else None
            await tell(submitted, await self._desk.change(now, fields, data))

        fields = fields_of(stored.card)
        await interaction.response.send_modal(CharacterForm(stored.card.name, fields, submit))

    @app_commands.command(description="A character as a file.", extras=MANAGERS)
    @app_commands.describe(format="png and charx hold the picture too")
    @app_commands.choices(format=FORMATS)
    @manager_only()
    async def export(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        format: app_commands.Choice[str] | None = None,  # noqa: A002 - the option's name
    ) -> None:
        await think(interaction)
        stored = await self._names.get(name, interaction.guild_id)
        label, data, told = await self._desk.take_out(stored, format.value if format else "png")
        if interaction.guild and len(data) > interaction.guild.filesize_limit:
            raise CardError(
                say("The file is larger than this server takes."),
                hint=say("Export it as json, or from the terminal: roleforge character export."),
            )
        await tell(interaction, told, file=_file(label, data))

    @app_commands.command(description="Remove a character for good.", extras=MANAGERS)
    @manager_only()
    async def remove(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        stored = await self._mine(interaction, name)
        remove = partial(self._desk.remove, stored)
        where = await self._where(stored, interaction.guild_id)
        question = say("{where}\nRemove **{name}** for good?", where=where, name=stored.card.name)
        allowed = is_owner if stored.shared else is_manager
        button = OneButton(say("Remove it"), discord.ButtonStyle.danger, remove, allowed)
        await tell(interaction, question, view=button)

    @app_commands.command(description="Share a character with every server.", extras=OWNERS)
    @owner_only()
    async def share(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        stored = await self._names.get(name, interaction.guild_id)
        await tell(interaction, await self._desk.share(stored))

    @show.autocomplete("name")
    @edit.autocomplete("name")
    @export.autocomplete("name")
    @remove.autocomplete("name")
    @share.autocomplete("name")
    @import_.autocomplete("replace")
    async def _known(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._names.choices(typed, interaction.guild_id)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Turn the gallery's page; the buttons work after a restart too."""
        pressed = BUTTON.fullmatch(str((interaction.data or {}).get("custom_id", "")))
        if interaction.type is discord.InteractionType.component and pressed:
            turned = await page(self._characters, interaction.guild_id, int(pressed["page"]))
            await interaction.response.edit_message(view=turned.view, attachments=turned.files)

    async def _mine(self, interaction: discord.Interaction[Any], name: str) -> StoredCharacter:
        """One that this person may change.

        Raises:
            CardError: there is none of this name, or it is the bot's owner's.
        """
        return await _changeable(interaction, await self._names.get(name, interaction.guild_id))

    async def _mine_by_id(
        self, interaction: discord.Interaction[Any], character_id: int
    ) -> StoredCharacter:
        stored = await self._characters.character(character_id, interaction.guild_id)
        if stored is None:
            raise CardError(say("This character was removed in the meantime."))
        return await _changeable(interaction, stored)

    async def _where(self, stored: StoredCharacter, guild_id: int | None) -> str:
        """The channels of this server by name; of others only how many."""
        found = await self._characters.channels_with(stored.id, None if stored.shared else guild_id)
        here = [f"<#{channel}>" for channel, guild in found.items() if guild == guild_id]
        elsewhere = len(found) - len(here)
        if not found:
            return say("It is in no channel.")
        lines = [say("It is in: {channels}.", channels=", ".join(here[:30]))] if here else []
        if elsewhere:
            lines.append(say("Channels of other servers: {count}.", count=elsewhere))
        return "\n".join(lines)


async def _changeable(
    interaction: discord.Interaction[Any], stored: StoredCharacter
) -> StoredCharacter:
    if stored.shared and not await is_owner(interaction):
        raise CardError(
            say(
                "“{name}” is shared by the bot's owner, who alone changes it.",
                name=stored.card.name,
            ),
            hint=say("Export it, and import it under another name: that one is your server's."),
        )
    return stored


async def _downloaded(file: discord.Attachment) -> bytes:
    if file.size > LARGEST:
        raise CardError(
            say(
                "{file} is larger than {most} MB.", file=file.filename[:80], most=LARGEST // 1024**2
            ),
            hint=say("Make its picture smaller, or import it with: roleforge character import."),
        )
    try:
        return await file.read()
    except discord.HTTPException as exc:
        raise CardError(
            say("{file} cannot be downloaded from Discord.", file=file.filename[:80]),
            hint=say("Send it again."),
        ) from exc


def _file(name: str, data: bytes) -> discord.File:
    return discord.File(io.BytesIO(data), name)
