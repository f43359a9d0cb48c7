"""What the menu of any message offers, under Apps."""

import logging
import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.amends import Amends, may_amend
from bot.answers import tell, think
from bot.branches import Branches
from bot.checks import is_manager, may_write
from bot.delivery import Delivery
from bot.errors import DiscordError
from bot.pacing import Priority
from bot.places import channel_of
from bot.steering import Steering
from bot.tree import explain
from roleplay.errors import RoleForgeError
from roleplay.phrases import say
from roleplay.transcript import Turn

BUTTON = re.compile(r"story:(?P<verb>again|on|drop|hide|branch):(?P<message>\d{1,20})")

log = logging.getLogger(__name__)

HIDDEN = "🙈"
"""Stands below what the model does not see."""


class MessageMenu(commands.Cog):
    """The same as the buttons, for every message of the story."""

    def __init__(
        self,
        client: commands.Bot,
        steering: Steering,
        amends: Amends,
        branches: Branches,
        delivery: Delivery,
    ) -> None:
        self._client = client
        self._steering = steering
        self._amends = amends
        self._branches = branches
        self._delivery = delivery
        self._menu = app_commands.ContextMenu(name="Story…", callback=self.open)

    async def cog_load(self) -> None:
        self._menu.guild_only = True
        self._client.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._client.tree.remove_command(self._menu.name, type=self._menu.type)

    async def open(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """discord.py allows five menus in all, so this one opens buttons."""
        if await self._steering.transcript.is_hidden(message.id) is None:
            await tell(interaction, _not_there())
        else:
            await tell(interaction, say("What shall become of it?"), view=menu_of(message.id))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data = interaction.data or {}
        pressed = BUTTON.fullmatch(str(data.get("custom_id", "")))
        if interaction.type is not discord.InteractionType.component or pressed is None:
            return
        try:
            message = await self._fetch(interaction, int(pressed["message"]))
            await self._do(interaction, pressed["verb"], message)
        except RoleForgeError as error:
            await tell(interaction, explain(error))

    async def _fetch(
        self, interaction: discord.Interaction[Any], message_id: int
    ) -> discord.Message:
        channel = self._client.get_partial_messageable(channel_of(interaction))
        return await self._delivery.call(
            Priority.NOTICE, channel.id, lambda: channel.fetch_message(message_id)
        )

    async def _do(
        self, interaction: discord.Interaction[Any], verb: str, message: discord.Message
    ) -> None:
        match verb:
            case "again":
                await self.again(interaction, message)
            case "on":
                await self.go_on(interaction, message)
            case "drop":
                await self.remove(interaction, message)
            case "hide":
                await self.hide(interaction, message)
            case _:
                await self.branch(interaction, message)

    async def again(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if turn := await self._turn(interaction, message):
            note = await self._steering.write(interaction, turn.id)
            await tell(interaction, note or say("Written anew."))

    async def go_on(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        turn = await self._turn(interaction, message)
        if turn is None:
            return
        if await self._steering.transcript.reply(turn.id) is None:
            await tell(interaction, say("There is no reply to go on with."))
            return
        note = await self._steering.write(interaction, turn.id, continues=True)
        await tell(interaction, note or say("Going on."))

    async def remove(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = await self._amends.behind(interaction.channel_id, message.id)
        if reply is None:
            await tell(interaction, say("This is no reply of mine."))
        elif not await may_amend(interaction, reply):
            await tell(interaction, say("Only those whom it answers, or a moderator, may do that."))
        else:
            await think(interaction)
            await self._amends.remove(reply)
            await tell(interaction, say("Deleted."))

    async def hide(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        transcript = self._steering.transcript
        hidden = await transcript.is_hidden(message.id)
        if hidden is None:
            await tell(interaction, _not_there())
        elif not await may_hide(interaction, message):
            await tell(interaction, say("Only its writer, or a moderator, may do that."))
        else:
            await transcript.hide(message.id, hidden=not hidden)
            self._mark(message, hidden=not hidden)
            shown = say("The character sees this message again.")
            gone = say("The character does not see this message any more.")
            await tell(interaction, shown if hidden else gone)

    async def branch(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        if await self._steering.transcript.is_hidden(message.id) is None:
            await tell(interaction, _not_there())
        elif not interaction.permissions.create_public_threads:
            await tell(interaction, say("You may not make threads here."))
        else:
            await think(interaction)
            thread = await self._branches.start(interaction, message)
            await tell(interaction, say("The story goes on in {thread}.", thread=thread.mention))

    async def _turn(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> Turn | None:
        """The turn of a reply, or of what it answers; None: the one who asked was told why not."""
        turn = await self._steering.transcript.turn_of(message.id)
        if not may_write(interaction):
            await tell(interaction, say("Only those who can write here can do that."))
        elif turn is None or turn.channel_id != interaction.channel_id:
            await tell(interaction, say("Nothing answers this message."))
        else:
            return turn
        return None

    def _mark(self, message: discord.Message, *, hidden: bool) -> None:
        """For everyone to see; without the permission it is hidden all the same."""

        async def mark() -> None:
            if hidden:
                await message.add_reaction(HIDDEN)
            elif self._client.user:
                await message.remove_reaction(HIDDEN, self._client.user)

        key = ("mark", message.id)
        self._delivery.offer(Priority.EDIT, message.channel.id, key, mark, _unmarked)


def menu_of(message_id: int) -> discord.ui.View:
    """Stopped at once: `on_interaction` knows the buttons by their ids."""
    labels = {
        "again": say("Regenerate"),
        "on": say("Continue"),
        "drop": say("Delete reply"),
        "hide": say("Hide or show again"),
        "branch": say("Branch from here"),
    }
    view = discord.ui.View(timeout=None)
    for verb, label in labels.items():
        button = discord.ui.Button[Any](label=label, custom_id=f"story:{verb}:{message_id}")
        view.add_item(button)
    view.stop()
    return view


async def may_hide(interaction: discord.Interaction[Any], message: discord.Message) -> bool:
    """People's words are their own; a reply belongs to all who can write there."""
    if message.author.bot or message.webhook_id:
        return may_write(interaction)
    if message.author.id == interaction.user.id or interaction.permissions.manage_messages:
        return True
    return await is_manager(interaction)


def _unmarked(error: DiscordError) -> None:
    log.debug("A message could not be marked: %s", error)


def _not_there() -> str:
    return say("This message is not part of the story.")
