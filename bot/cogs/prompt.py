"""/prompt: what would be sent for the next reply here."""

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from backends.pool import Pool
from backends.preview import Preview
from bot.answers import tell, think
from bot.checks import manager_only
from bot.choices import ProfileNames
from bot.cogs.turns import channel_of, parent_of
from bot.prompts.glance import Glance
from bot.prompts.report import Row, as_json, full_text, lore_lines, rows, totals
from roleplay.phrases import say
from roleplay.prompting.build import Assembled

LONGEST = 2000
"""Characters of a message; the files hold the whole."""

MOST_LORE = 8


class PromptCommand(commands.Cog):
    """For managers: cards and lore may hold what players should not know."""

    def __init__(self, glance: Glance, pool: Pool, profiles: ProfileNames) -> None:
        self._glance = glance
        self._pool = pool
        self._profiles = profiles

    @app_commands.command(description="Exactly what would be sent for the next reply here.")
    @app_commands.describe(
        profile="As this profile would be sent it; else the one in use here",
        character="Who is to speak, where there are several",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @manager_only()
    async def prompt(
        self,
        interaction: discord.Interaction[Any],
        profile: str | None = None,
        character: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        if profile and (problem := self._profiles.problem(profile)):
            await tell(interaction, problem)
            return
        await think(interaction)
        assembled = await self._glance.at(
            channel_of(interaction), parent_of(interaction), interaction.guild_id, character or ""
        )
        used = profile or assembled.report.ingredients.scene.profile.profile
        preview = self._pool.preview(used, assembled.prompt)
        files = _files(assembled, preview)
        await tell(interaction, summary(assembled, preview, self._chain(used)), files=files)

    @prompt.autocomplete("profile")
    async def _profile_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    def _chain(self, profile: str) -> tuple[str, ...]:
        return self._pool.chain_names(profile)[1:]


def summary(assembled: Assembled, preview: Preview, fallbacks: tuple[str, ...] = ()) -> str:
    """A table of the blocks, the totals, the lore, and what ends the reply, as far as it fits."""
    lore = list(lore_lines(assembled.report.ingredients.lore))
    stops = " ".join(f"`{_inline(stop)}`" for stop in preview.worded.stop)
    behind = say("-# Fallbacks are fitted anew: {names}", names=", ".join(fallbacks))
    lines = [
        say("**{name}** would be asked like this:", name=assembled.speaker.name),
        *_table(rows(preview.sizes)),
        totals(preview),
        *(f"- {discord.utils.escape_markdown(line)}" for line in lore[:MOST_LORE]),
        *([say("- … and {n} more", n=len(lore) - MOST_LORE)] if len(lore) > MOST_LORE else []),
        say("Ends at: {stops}", stops=stops or say("nothing of ours")),
        *([behind] if fallbacks else []),
    ]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _table(found: list[Row]) -> Iterable[str]:
    yield "```"
    for row in found:
        about = "" if row.exact else "~"
        yield f"{row.label[:28]:<28} {row.role:<9} {about + str(row.tokens):>6}  {row.fate}"
    yield "```"


def _inline(stop: str) -> str:
    return stop.replace("\n", "⏎").replace("`", "'")[:60]


def _files(assembled: Assembled, preview: Preview) -> list[discord.File]:
    text = full_text(assembled, preview)
    data = json.dumps(as_json(assembled, preview), ensure_ascii=False, indent=2)
    return [
        discord.File(BytesIO(text.encode()), "prompt.txt"),
        discord.File(BytesIO(data.encode()), "prompt.json"),
    ]
