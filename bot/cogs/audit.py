"""/audit: who changed what, with a way back."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.audit.page import OLDER, PAGE, UNDO, buttons, text_of
from bot.audit.undoing import Undoing
from bot.checks import is_manager, is_owner, manager_only
from bot.tree import explain
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.audit import SqlAudit

Action = Literal[
    "channel",
    "server",
    "limit",
    "characters",
    "character",
    "lorebook",
    "lorebook link",
    "preset",
    "preset file",
    "note",
    "instruction",
    "memory",
    "maintenance",
    "profile",
]


class AuditCommand(commands.Cog):
    """Managers see their own server; the bot's owner also what belongs to all."""

    def __init__(self, audit: SqlAudit, undo: Undoing, clock: Clock) -> None:
        self._audit = audit
        self._undo = undo
        self._clock = clock

    @app_commands.command(description="Who changed which setting, newest first, with Undo.")
    @app_commands.describe(
        who="Changes of this person alone", action="Of this kind alone", days="How far back"
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @manager_only()
    async def audit(
        self,
        interaction: discord.Interaction[Any],
        who: discord.Member | None = None,
        action: Action | None = None,
        days: app_commands.Range[int, 1, 180] = 30,
    ) -> None:
        await self._show(interaction, who.id if who else None, action, days)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is not discord.InteractionType.component:
            return
        pressed = str((interaction.data or {}).get("custom_id", ""))
        undo, older = UNDO.fullmatch(pressed), OLDER.fullmatch(pressed)
        if not (undo or older):
            return
        try:
            if not await is_manager(interaction):
                await tell(interaction, say("This needs the permission Manage Server."))
            elif undo:
                await tell(interaction, await self._undone(interaction, int(undo["number"])))
            elif older:
                who = int(older["who"]) if older["who"] else None
                before, days = int(older["before"]), int(older["days"])
                await self._show(interaction, who, older["action"] or None, days, before)
        except Exception as error:  # noqa: BLE001 - a border: `explain` logs what it does not know
            await tell(interaction, explain(error))

    async def _undone(self, interaction: discord.Interaction[Any], number: int) -> str:
        change = None
        for guild_id in await _guilds(interaction):
            change = change or await self._audit.change(number, guild_id)
        if change is None:
            return say("There is no such change here.")
        return await self._undo(change, interaction.user.id)

    async def _show(
        self,
        interaction: discord.Interaction[Any],
        who: int | None,
        action: str | None,
        days: int,
        before: int | None = None,
    ) -> None:
        found = await self._audit.changes(
            await _guilds(interaction),
            actor_id=who,
            action=action,
            since=self._clock.now() - days * 86400,
            before_id=before,
            limit=PAGE + 1,
        )
        page = found[:PAGE]
        more = len(found) > PAGE
        view = buttons(page, more=more, who=who, days=days, action=action)
        await tell(interaction, text_of(page), view=view)


async def _guilds(interaction: discord.Interaction[Any]) -> tuple[int, ...]:
    """What the one who asks may see; 0 is what belongs to all servers."""
    here = interaction.guild_id
    own = (here,) if here else ()
    return (*own, 0) if await is_owner(interaction) else own
