"""/lorebook: bring world info in, attach it, and see what it does."""

import asyncio
import io
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.characters.names import CharacterNames
from bot.checks import is_manager, is_owner, owner_only, require_manager
from bot.cogs.turns import channel_of, parent_of
from bot.lorebooks.desk import FORMATS, LorebookDesk, file_name, written
from bot.lorebooks.fields import Fields, fields_of
from bot.lorebooks.form import EntryForm
from bot.lorebooks.names import LorebookNames, entry_in
from bot.lorebooks.text import BUTTON, book_list, page, place_text, scan_text
from bot.lorebooks.trial import LoreTrial
from bot.profiles.buttons import OneButton
from roleplay.errors import LorebookError
from roleplay.lorebooks.store import Link, Lorebooks, StoredLorebook
from roleplay.phrases import say
from roleplay.untrusted import LONGEST

NAME = app_commands.Range[str, 1, 100]

Where = Literal["channel", "server"]

FORMAT_CHOICES = [app_commands.Choice(name=form, value=form) for form in FORMATS]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class LorebookCommands(
    commands.GroupCog, group_name="lorebook", group_description="World info: lore that joins in"
):
    """All of it is for managers: what stands in a lorebook players had better find out."""

    entry = app_commands.Group(name="entry", description="The entries of a lorebook")

    def __init__(
        self,
        lorebooks: Lorebooks,
        names: LorebookNames,
        desk: LorebookDesk,
        *,
        characters: CharacterNames,
        trial: LoreTrial,
    ) -> None:
        self._lorebooks = lorebooks
        self._names = names
        self._desk = desk
        self._characters = characters
        self._trial = trial

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(name="list", description="The lorebooks, and where each counts.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        guild_id = interaction.guild_id or 0
        listed = await self._lorebooks.listed(guild_id)
        links = await self._lorebooks.links(guild_id)
        characters = await self._characters.by_id(guild_id)
        await tell(interaction, book_list(listed, links, characters))

    @app_commands.command(description="The entries of a lorebook.")
    async def show(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        page_number: app_commands.Range[int, 1, 9999] = 1,
    ) -> None:
        await think(interaction)
        shown = page(await self._names.get(name, interaction.guild_id), page_number - 1)
        await tell(interaction, shown.content, **({"view": shown.view} if shown.view else {}))

    @app_commands.command(
        name="import", description="Bring in a lorebook: SillyTavern's JSON, or a card's book."
    )
    @app_commands.describe(
        name="Another name than the file's",
        replace="A lorebook whose place it takes",
        attach="Where it counts at once",
    )
    async def import_(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment,
        name: NAME | None = None,
        replace: NAME | None = None,
        attach: Where | None = None,
    ) -> None:
        await think(interaction)
        before = await self._mine(interaction, replace) if replace else None
        data, label = await _downloaded(file), file.filename[:80]
        if before:
            stored, answer = before, await self._desk.bring_anew(data, label, before)
        else:
            user = interaction.user.id
            brought = await self._desk.bring(data, label, interaction.guild_id, user, name or "")
            stored, answer = brought
        if attach:
            answer += "\n" + await self._attach(
                interaction, stored, _link(interaction, stored, attach)
            )
        elif not before:
            answer += "\n" + say("Let it count with /lorebook attach.")
        await tell(interaction, answer[:2000])

    @app_commands.command(description="Make an empty lorebook.")
    async def create(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        guild_id, user = interaction.guild_id, interaction.user.id
        await tell(interaction, await self._desk.make(name, guild_id, user))

    @app_commands.command(description="A lorebook as a file.")
    @app_commands.choices(format=FORMAT_CHOICES)
    async def export(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        format: app_commands.Choice[str] | None = None,  # noqa: A002 - the option's name
    ) -> None:
        await think(interaction)
        stored = await self._names.get(name, interaction.guild_id)
        form = format.value if format else "sillytavern"
        data = await asyncio.to_thread(written, stored.book, form)
        file = discord.File(io.BytesIO(data), file_name(stored.book))
        await tell(interaction, "", file=file)

    @app_commands.command(description="Let a lorebook count in this channel, or elsewhere.")
    @app_commands.describe(where="Else in this channel", character="Whenever it speaks")
    async def attach(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        where: Where = "channel",
        character: NAME | None = None,
    ) -> None:
        stored = await self._names.get(name, interaction.guild_id)
        link = await self._place(interaction, stored, where, character)
        await tell(interaction, await self._attach(interaction, stored, link))

    @app_commands.command(description="Let a lorebook no longer count there.")
    @app_commands.describe(where="Else in this channel", character="Whenever it speaks")
    async def detach(
        self,
        interaction: discord.Interaction[Any],
        name: NAME,
        where: Where = "channel",
        character: NAME | None = None,
    ) -> None:
        stored = await self._names.get(name, interaction.guild_id)
        link = await self._place(interaction, stored, where, character)
        guild_id = interaction.guild_id or 0
        where_text = place_text(link, await self._characters.by_id(guild_id))
        await tell(interaction, await self._desk.detach(stored, link, guild_id, where_text))

    @app_commands.command(description="Remove a lorebook for good.")
    async def remove(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        stored = await self._mine(interaction, name)
        question = say("Remove **{name}** and its entries for good?", name=stored.book.name)
        press = partial(self._desk.remove, stored)
        allowed = is_owner if stored.shared else is_manager
        button = OneButton(say("Remove it"), discord.ButtonStyle.danger, press, allowed)
        await tell(interaction, question, view=button)

    @app_commands.command(description="Share a lorebook with every server.", extras={"owner": True})
    @owner_only()
    async def share(self, interaction: discord.Interaction[Any], name: NAME) -> None:
        stored = await self._names.get(name, interaction.guild_id)
        await tell(interaction, await self._desk.share(stored))

    @app_commands.command(description="Which entries a text would set off here, and why.")
    async def test(
        self, interaction: discord.Interaction[Any], text: app_commands.Range[str, 1, 4000]
    ) -> None:
        await think(interaction)
        author = interaction.user.display_name
        place = channel_of(interaction), parent_of(interaction), interaction.guild_id
        await tell(interaction, scan_text(await self._trial.at(text, author, *place)))

    @entry.command(description="Write a new entry.")
    async def add(self, interaction: discord.Interaction[Any], book: NAME) -> None:
        stored = await self._mine(interaction, book)

        async def submit(submitted: discord.Interaction[Any], fields: Fields) -> None:
            now = await self._still_mine(submitted, stored.id)
            await tell(submitted, await self._desk.add_entry(now, fields))

        await interaction.response.send_modal(EntryForm(say("A new entry"), Fields(), submit))

    @entry.command(description="Change an entry.")
    async def edit(self, interaction: discord.Interaction[Any], book: NAME, entry: NAME) -> None:
        stored = await self._mine(interaction, book)
        found = entry_in(stored.book, entry)

        async def submit(submitted: discord.Interaction[Any], fields: Fields) -> None:
            now = await self._still_mine(submitted, stored.id)
            await tell(submitted, await self._desk.edit_entry(now, found.uid, fields))

        form = EntryForm(found.title, fields_of(found), submit)
        await interaction.response.send_modal(form)

    @entry.command(name="remove", description="Remove an entry.")
    async def remove_entry(
        self, interaction: discord.Interaction[Any], book: NAME, entry: NAME
    ) -> None:
        stored = await self._mine(interaction, book)
        uid = entry_in(stored.book, entry).uid
        await tell(interaction, await self._desk.remove_entry(stored, uid))

    @entry.command(description="Turn an entry off, or on again.")
    async def toggle(self, interaction: discord.Interaction[Any], book: NAME, entry: NAME) -> None:
        stored = await self._mine(interaction, book)
        uid = entry_in(stored.book, entry).uid
        await tell(interaction, await self._desk.toggle_entry(stored, uid))

    @show.autocomplete("name")
    @export.autocomplete("name")
    @attach.autocomplete("name")
    @detach.autocomplete("name")
    @remove.autocomplete("name")
    @share.autocomplete("name")
    @import_.autocomplete("replace")
    @add.autocomplete("book")
    @edit.autocomplete("book")
    @remove_entry.autocomplete("book")
    @toggle.autocomplete("book")
    async def _books(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not await is_manager(interaction):
            return []
        return await self._names.choices(typed, interaction.guild_id)

    @edit.autocomplete("entry")
    @remove_entry.autocomplete("entry")
    @toggle.autocomplete("entry")
    async def _entries(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not await is_manager(interaction):
            return []
        book = str(getattr(interaction.namespace, "book", ""))
        return await self._names.entry_choices(typed, book, interaction.guild_id)

    @attach.autocomplete("character")
    @detach.autocomplete("character")
    async def _speakers(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._characters.choices(typed, interaction.guild_id)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Turn a page of entries; the buttons work after a restart too."""
        pressed = BUTTON.fullmatch(str((interaction.data or {}).get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or not pressed:
            return
        book_id = int(pressed["book"])
        stored = None
        if await is_manager(interaction):
            stored = await self._lorebooks.lorebook(book_id, interaction.guild_id)
        if stored is None:
            await tell(interaction, say("This lorebook is not there any more."))
            return
        turned = page(stored, int(pressed["page"]))
        await interaction.response.edit_message(content=turned.content, view=turned.view)

    async def _place(
        self,
        interaction: discord.Interaction[Any],
        stored: StoredLorebook,
        where: Where,
        character: str | None,
    ) -> Link:
        """Raises `CardError`: this server may use no such character."""
        if character is None:
            return _link(interaction, stored, where)
        found = await self._characters.get(character, interaction.guild_id)
        return Link(stored.id, "character", found.id)

    async def _attach(
        self, interaction: discord.Interaction[Any], stored: StoredLorebook, link: Link
    ) -> str:
        guild_id = interaction.guild_id or 0
        where = place_text(link, await self._characters.by_id(guild_id))
        return await self._desk.attach(stored, link, guild_id, where)

    async def _mine(self, interaction: discord.Interaction[Any], name: str) -> StoredLorebook:
        """One that this person may change.

        Raises:
            LorebookError: there is none of this name, or it is the bot's owner's.
        """
        return await _changeable(interaction, await self._names.get(name, interaction.guild_id))

    async def _still_mine(
        self, interaction: discord.Interaction[Any], book_id: int
    ) -> StoredLorebook:
        await require_manager(interaction)
        stored = await self._lorebooks.lorebook(book_id, interaction.guild_id)
        if stored is None:
            raise LorebookError(say("This lorebook was removed in the meantime."))
        return await _changeable(interaction, stored)


async def _changeable(
    interaction: discord.Interaction[Any], stored: StoredLorebook
) -> StoredLorebook:
    if stored.shared and not await is_owner(interaction):
        raise LorebookError(
            say(
                "“{name}” is shared by the bot's owner, who alone changes it.",
                name=stored.book.name,
            ),
            hint=say("Export it, and import it under another name: that one is your server's."),
        )
    return stored


def _link(interaction: discord.Interaction[Any], stored: StoredLorebook, where: Where) -> Link:
    place = channel_of(interaction) if where == "channel" else interaction.guild_id or 0
    return Link(stored.id, where, place)


async def _downloaded(file: discord.Attachment) -> bytes:
    if file.size > LONGEST:
        raise LorebookError(
            say(
                "{file} is larger than {most} MB.", file=file.filename[:80], most=LONGEST // 1024**2
            ),
            hint=say("Divide it into two lorebooks, and attach both."),
        )
    try:
        return await file.read()
    except discord.HTTPException as exc:
        raise LorebookError(
            say("{file} cannot be downloaded from Discord.", file=file.filename[:80]),
            hint=say("Send it again."),
        ) from exc
