"""Whose a reply is: a menu that tells, one that rewords, and a reaction that takes it back."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.amends import Amends, may_amend, member_may_amend
from bot.answers import tell
from bot.inbox import Inbox
from bot.reword_form import RewordForm
from roleplay.ownership import Authorship
from roleplay.phrases import say

CROSS = "❌"
"""PluralKit and Tupperbox users delete so too."""


class OwnershipCommands(commands.Cog):
    """Menus of any message; they know the bot's own."""

    def __init__(self, client: commands.Bot, amends: Amends, inbox: Inbox) -> None:
        self._client = client
        self._amends = amends
        self._inbox = inbox
        self._menus = [
            app_commands.ContextMenu(name="Who said this?", callback=self.who),
            app_commands.ContextMenu(name="Edit reply", callback=self.edit),
        ]

    async def cog_load(self) -> None:
        for menu in self._menus:
            menu.guild_only = True
            self._client.tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self._menus:
            self._client.tree.remove_command(menu.name, type=menu.type)

    async def who(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = await self._amends.behind(interaction.channel_id, message.id)
        await tell(interaction, described(reply) if reply else _not_ours())

    async def edit(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        reply = await self._amends.behind(interaction.channel_id, message.id)
        if reply is None:
            await tell(interaction, _not_ours())
        elif not await may_amend(interaction, reply):
            await tell(interaction, say("Only those whom it answers, or a moderator, may edit it."))
        elif not reply.text:
            await tell(interaction, say("This reply is being written right now."))
        else:
            form = RewordForm(reply.text.strip(), partial(self._reword, reply))
            await interaction.response.send_modal(form)

    async def _reword(
        self, reply: Authorship, interaction: discord.Interaction[Any], text: str
    ) -> None:
        if not text:
            await tell(interaction, say("A reply cannot be empty. React with ❌ to delete it."))
            return
        await self._amends.reword(reply, text)
        await tell(interaction, say("Changed. The model sees it so from now on."))

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        if str(event.emoji) == CROSS and event.member and not event.member.bot:
            self._inbox.put(
                partial(self._crossed, event.channel_id, event.message_id, event.member)
            )

    async def _crossed(self, channel_id: int, message_id: int, member: discord.Member) -> None:
        """Of those who may not, it is a reaction like any other."""
        reply = await self._amends.behind(channel_id, message_id)
        if reply and await member_may_amend(self._client, member, reply):
            await self._amends.remove(reply)


def described(reply: Authorship) -> str:
    lines = [say("**{name}** said this.", name=discord.utils.escape_markdown(reply.character))]
    if reply.answered:
        people = ", ".join(f"<@{person}>" for person in sorted(reply.answered))
        lines.append(say("In answer to: {people}", people=people))
    if reply.served_by:
        lines.append(
            say(
                "Written by the profile {profile}, model {model}.",
                profile=f"`{reply.served_by}`",
                model=f"`{reply.model}`" if reply.model else say("unknown"),
            )
        )
    return "\n".join(lines)


def _not_ours() -> str:
    return say("This is no reply of mine.")
