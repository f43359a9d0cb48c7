"""/impersonate: the model writes the next message of the one who asks."""

import asyncio
import re
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import may_write
from bot.inbox import Inbox
from bot.pacing import Priority
from bot.places import channel_of, parent_of
from bot.reception import Reception
from bot.sending import Sender
from bot.split import split
from bot.tree import explain
from bot.turns import Turns
from roleplay.errors import RoleForgeError
from roleplay.impersonation import Ghost, Ghostwriter
from roleplay.personas import Personas
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.sanitise import speaker_name
from roleplay.transcript import IncomingMessage
from roleplay.voices import Voice

BUTTON = re.compile(r"ghost:(?P<verb>post|again|drop):(?P<hint>.*)", re.DOTALL)

KEPT = 80
"""Characters of a hint that the button Again remembers: Discord gives an id 100."""

HINT = app_commands.Range[str, 1, 500]


class ImpersonateCommand(commands.Cog):
    """The text stands in the answer that they alone see, so its buttons work after a restart."""

    def __init__(
        self,
        writer: Ghostwriter,
        personas: Personas,
        sender: Sender,
        *,
        reception: Reception,
        turns: Turns,
        inbox: Inbox,
        clock: Clock,
    ) -> None:
        self._writer = writer
        self._personas = personas
        self._sender = sender
        self._reception = reception
        self._turns = turns
        self._inbox = inbox
        self._clock = clock

    @app_commands.command(description="Let the model write your next message, for you alone.")
    @app_commands.describe(hint="What you would like to do or say")
    @app_commands.guild_only()
    async def impersonate(
        self, interaction: discord.Interaction[Any], hint: HINT | None = None
    ) -> None:
        if not may_write(interaction):
            await tell(interaction, say("Only those who can write here can do that."))
            return
        await think(interaction)
        text = await self._written(ghost_of(interaction), hint or "")
        if text is None:
            await tell(interaction, say("This channel is not bound: I am silent here."))
        else:
            await tell(interaction, fitting(text), view=choices(hint or ""))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = BUTTON.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or pressed is None:
            return
        try:
            await self._pressed(interaction, pressed["verb"], pressed["hint"])
        except RoleForgeError as error:
            await tell(interaction, explain(error))

    async def _written(self, person: Ghost, hint: str) -> str | None:
        """Written outside of the client's own tasks, within the limit of the process."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        async def write() -> None:
            try:
                answer.set_result(await self._writer.write(person, hint))
            except RoleForgeError as error:
                answer.set_exception(error)

        async def begin() -> None:
            self._turns.aside(write)

        self._inbox.put(begin)
        return await answer

    async def _pressed(self, interaction: discord.Interaction[Any], verb: str, hint: str) -> None:
        text = interaction.message.content if interaction.message else ""
        if verb == "drop":
            await _replace(interaction, say("Discarded."))
        elif not may_write(interaction):
            await tell(interaction, say("Only those who can write here can do that."))
        elif verb == "again":
            await interaction.response.defer()
            other = await self._written(ghost_of(interaction), hint)
            await interaction.edit_original_response(content=fitting(other or text))
        else:
            await _replace(interaction, say("Posted."))
            await self._post(interaction, text)

    async def _post(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Say it as they would have, and let it be answered."""
        person = ghost_of(interaction)
        worn = await self._personas.worn(person.user_id, person.channel_id, person.parent_id)
        picture = interaction.user.display_avatar.url
        name = worn.name if worn else person.name
        posted = await self._sender.post(
            person.channel_id, text, priority=Priority.FIRST, voice=Voice(name, picture)
        )
        message = IncomingMessage(
            discord_id=posted.id,
            channel_id=person.channel_id,
            guild_id=person.guild_id,
            author_id=person.user_id,
            author_name=name,
            text=text,
            created_at=self._clock.now(),
            parent_channel_id=person.parent_id,
            proxied=True,
        )
        self._inbox.put(partial(self._reception.accept, message))


def ghost_of(interaction: discord.Interaction[Any]) -> Ghost:
    return Ghost(
        interaction.user.id,
        speaker_name(interaction.user.display_name),
        channel_of(interaction),
        parent_of(interaction),
        interaction.guild_id,
    )


def fitting(text: str) -> str:
    """What fits into one message."""
    return split(text)[0].shown


def choices(hint: str) -> discord.ui.View:
    """Stopped at once: `on_interaction` knows the buttons by their ids."""
    view = discord.ui.View(timeout=None)
    for verb, label, style in (
        ("post", say("Post"), discord.ButtonStyle.primary),
        ("again", say("Again"), discord.ButtonStyle.secondary),
        ("drop", say("Discard"), discord.ButtonStyle.secondary),
    ):
        own_id = f"ghost:{verb}:{hint[:KEPT] if verb == 'again' else ''}"
        view.add_item(discord.ui.Button[Any](label=label, style=style, custom_id=own_id))
    view.stop()
    return view


async def _replace(interaction: discord.Interaction[Any], text: str) -> None:
    await interaction.response.edit_message(content=text, view=None)
