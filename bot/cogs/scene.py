"""/scene: stories with a thread of their own, brought in and taken out as files."""

import asyncio
import io
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.characters.names import CharacterNames
from bot.checks import require_manager
from bot.choices import ProfileNames
from bot.pacing import Priority
from bot.places import channel_of, parent_of
from bot.scenes.desk import Plan, SceneDesk
from bot.scenes.names import SeveralNames
from bot.scenes.overview import Overview, state_name
from roleplay.casting.cast import MOST_SEATS
from roleplay.chats.formats import Look, every, write_file
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError
from roleplay.phrases import say
from roleplay.scenes.store import SceneState, SceneStore, StoredScene

LARGEST = 8 * 1024 * 1024
"""Bytes of a file that is brought in through Discord."""

TEXT = app_commands.Range[str, 1, 80]
NAMES = app_commands.Range[str, 1, 1000]
NOTE = app_commands.Range[str, 0, 2000]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SceneCommands(commands.GroupCog, group_name="scene", group_description="Stories in threads"):
    def __init__(
        self,
        scenes: SceneStore,
        desk: SceneDesk,
        *,
        characters: CharacterNames,
        profiles: ProfileNames,
        overview: Overview,
    ) -> None:
        self._scenes = scenes
        self._desk = desk
        self._characters = characters
        self._several = SeveralNames(characters)
        self._overview = overview
        self._rooms = overview.rooms
        self._profiles = profiles
        self._sender = desk.sender
        self._delivery = desk.delivery

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Start a scene in a thread or forum post of its own.")
    @app_commands.describe(
        title="Empty: the names of the characters",
        characters="Who plays, commas between them; empty: as in this channel",
        note="The author's note of the scene",
        profile="The connection profile; empty: as in this channel",
        where="A text channel or a forum; empty: here",
    )
    async def start(
        self,
        interaction: discord.Interaction[Any],
        *,
        title: TEXT | None = None,
        characters: NAMES | None = None,
        note: NOTE = "",
        profile: TEXT | None = None,
        where: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        if profile and (problem := self._profiles.problem(profile)):
            await tell(interaction, problem)
            return
        await think(interaction)
        cast = await self._several.get(characters or "", interaction.guild_id)
        names = ", ".join(each.card.char for each in cast) or await self._usual(interaction)
        plan = Plan(title or names, cast, profile=profile, note=note.strip(), where=where)
        thread = await self._desk.start(interaction, plan)
        await tell(interaction, say("The scene begins: {thread}", thread=thread.mention))

    @app_commands.command(name="import", description="Go on with a chat of SillyTavern (.jsonl).")
    @app_commands.describe(
        title="Empty: the chat's own name",
        character="Who plays those that this server has no character of",
    )
    async def import_(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment,
        title: TEXT | None = None,
        character: TEXT | None = None,
    ) -> None:
        await think(interaction)
        guild_id = interaction.guild_id
        chat = read_chat(await _downloaded(file), file.filename[:80])
        voices = await self._characters.known(chat.characters, guild_id)
        if character:
            chosen = await self._characters.get(character, guild_id)
            voices = dict.fromkeys(chat.characters, chosen) | voices
        cast = {each.id: each for each in voices.values()}.values()
        name = title or chat.character or say("A chat")
        plan = Plan(name, tuple(cast)[:MOST_SEATS], chat=chat, voices=voices)
        thread = await self._desk.start(interaction, plan)
        count = len(chat.lines)
        done = say(
            "{count} messages are the history of {thread}", count=count, thread=thread.mention
        )
        await tell(interaction, done)

    @app_commands.command(description="What was said in this channel or thread, as a file.")
    @app_commands.describe(hidden="With what the model does not see; JSONL always has it")
    async def export(
        self,
        interaction: discord.Interaction[Any],
        format: Literal["html", "jsonl", "markdown"] = "html",  # noqa: A002 - the option's name
        hidden: bool = False,  # noqa: FBT001, FBT002 - an option in Discord
    ) -> None:
        await think(interaction)
        channel_id = channel_of(interaction)
        chat = await self._scenes.chat(channel_id)
        if not chat.lines:
            await tell(interaction, say("Nothing is kept of this channel."))
            return
        look = Look(await self._scenes.faces(channel_id), hidden)
        data = await asyncio.to_thread(write_file, chat, format, look)
        if interaction.guild and len(data) > interaction.guild.filesize_limit:
            raise ChatError(
                say("The file is larger than this server takes."),
                hint=say("Take it from the terminal: roleforge scene export."),
            )
        name = f"scene-{channel_id}{every()[format].SUFFIX}"
        await tell(interaction, "", file=discord.File(io.BytesIO(data), name))

    @app_commands.command(name="list", description="The scenes of this server.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        scenes = await self._scenes.listed(interaction.guild_id)
        lines = [f"<#{one.channel_id}> ({state_name(one.state)})" for one in scenes[:50]]
        await tell(interaction, "\n".join(lines)[:2000] or say("None yet: /scene start."))

    @app_commands.command(description="This scene: who plays, by which profile, and what is kept.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        if scene := await self._scene(interaction):
            told = await self._overview.told(scene, parent_of(interaction), interaction.user.id)
            await tell(interaction, told)

    @app_commands.command(description="Listen and remember, but do not answer.")
    async def pause(self, interaction: discord.Interaction[Any]) -> None:
        if await self._set(interaction, "paused"):
            text = say("-# The scene is paused: I listen and remember, but do not answer.")
            await self._sender.post(channel_of(interaction), text)

    @app_commands.command(description="Answer again.")
    async def resume(self, interaction: discord.Interaction[Any]) -> None:
        if await self._set(interaction, "running"):
            await self._close(interaction.channel, closed=False)

    @app_commands.command(description="Archive the scene's thread. Everything is kept.")
    async def archive(self, interaction: discord.Interaction[Any]) -> None:
        if await self._set(interaction, "archived"):
            await self._close(interaction.channel, closed=True)

    @start.autocomplete("characters")
    async def _several_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._several.choices(typed, interaction.guild_id)

    @import_.autocomplete("character")
    async def _character_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._characters.choices(typed, interaction.guild_id)

    @start.autocomplete("profile")
    async def _profile_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _close(self, thread: object, *, closed: bool) -> None:
        if isinstance(thread, discord.Thread) and thread.archived != closed:
            edit = partial(thread.edit, archived=closed)
            await self._delivery.call(Priority.NOTICE, thread.id, edit)

    async def _set(self, interaction: discord.Interaction[Any], state: SceneState) -> bool:
        scene = await self._scene(interaction)
        if scene is None:
            return False
        await self._scenes.save(replace(scene, state=state))
        await tell(interaction, say("Saved."))
        return True

    async def _usual(self, interaction: discord.Interaction[Any]) -> str:
        """Who plays where nobody is named."""
        room = await self._rooms.load(
            channel_of(interaction), parent_of(interaction), interaction.guild_id
        )
        return room.character.name if room else self._rooms.defaults.character.name

    async def _scene(self, interaction: discord.Interaction[Any]) -> StoredScene | None:
        """None: the one who asks was told that there is none."""
        scene = await self._scenes.scene(channel_of(interaction))
        if scene is None:
            await tell(interaction, say("This is no scene: /scene start begins one."))
        return scene


async def _downloaded(file: discord.Attachment) -> bytes:
    if file.size > LARGEST:
        raise ChatError(
            say("{file} is larger than {most} MB.", file=file.filename[:80], most=8),
            hint=say("Import it from the terminal: roleforge scene import."),
        )
    try:
        return await file.read()
    except discord.HTTPException as exc:
        raise ChatError(
            say("{file} cannot be downloaded from Discord.", file=file.filename[:80]),
            hint=say("Send it again."),
        ) from exc
