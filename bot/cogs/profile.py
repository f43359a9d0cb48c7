"""/profile: which language model answers, here and in the whole server."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell, think
from bot.checks import is_manager, require_manager
from bot.choices import ProfileNames
from bot.places import channel_of, parent_of
from bot.profile_text import summary
from bot.profiles.buttons import tell_undoable
from bot.profiles.moving import Moving
from roleplay.bindings import Bindings, Effective, GuildSettings, effective_profile
from roleplay.phrases import say

TestProfile = Callable[[str], Awaitable[str]]
"""One short real reply from a profile, as text to show; failures with their hints."""


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ProfileCommands(
    commands.GroupCog, group_name="profile", group_description="Which language model answers"
):
    """Switching changes only which profile is used; the profiles themselves are in the config."""

    def __init__(
        self,
        bindings: Bindings,
        profiles: ProfileNames,
        test: TestProfile,
        default: Callable[[], str],
        *,
        describe: Callable[[str], str],
        moving: Moving,
    ) -> None:
        self._bindings = bindings
        self._profiles = profiles
        self._test = test
        self._default = default
        self._describe = describe
        self._moving = moving

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(name="list", description="The profiles there are.")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        here = await self._effective(interaction)
        lines = [
            summary(profile) + (say(" ← used here") if name == here.profile else "")
            for name, profile in self._profiles.all().items()
        ]
        await tell(interaction, "\n".join(lines)[:2000])

    @app_commands.command(description="One profile in full, without its key.")
    @app_commands.describe(name="Empty: the one used in this channel")
    async def show(self, interaction: discord.Interaction[Any], name: str | None = None) -> None:
        here = await self._effective(interaction)
        chosen = name or here.profile
        if not await self._refused(interaction, chosen):
            text = self._describe(chosen)
            used = say("Used in this channel, set by the {source}.", source=here.source)
            await tell(interaction, f"{text}\n{used}" if chosen == here.profile else text)

    @app_commands.command(description="Use another profile in this channel from now on.")
    async def switch(self, interaction: discord.Interaction[Any], name: str) -> None:
        binding = await self._bindings.channel(channel_of(interaction))
        if await self._refused(interaction, name):
            return
        if binding is None:
            await tell(interaction, say("Bind this channel first, with /channel bind."))
            return
        before = await self._effective(interaction)
        await self._bindings.bind(replace(binding, profile=name))
        text = say(
            "This channel now uses {name}; before it was {old}.", name=name, old=before.profile
        )
        await tell(interaction, text)

    @app_commands.command(description="Let this channel use the server's profile again.")
    async def reset(self, interaction: discord.Interaction[Any]) -> None:
        binding = await self._bindings.channel(channel_of(interaction))
        if binding:
            await self._bindings.bind(replace(binding, profile=None))
        here = await self._effective(interaction)
        text = say(
            "This channel uses {name}, set by the {source}.", name=here.profile, source=here.source
        )
        await tell(interaction, text)

    @app_commands.command(description="The profile of every channel that does not choose its own.")
    @app_commands.describe(name="Empty: the config's default again")
    async def default(self, interaction: discord.Interaction[Any], name: str | None = None) -> None:
        if name and await self._refused(interaction, name):
            return
        settings = await self._bindings.guild(interaction.guild_id or 0)
        await self._bindings.save_guild(replace(settings, profile=name))
        chosen = name or self._default()
        await tell(interaction, say("This server's default is now {name}.", name=chosen))

    @app_commands.command(description="Move all channels of this server to another profile.")
    @app_commands.describe(old="They use this one now", new="They will use this one")
    async def move(self, interaction: discord.Interaction[Any], old: str, new: str) -> None:
        if not await self._refused(interaction, new):
            done = await self._moving(old, new, interaction.guild_id or 0)
            await tell_undoable(interaction, done.text, done.undo, is_manager)

    @app_commands.command(description="Ask a profile for one short reply, now.")
    @app_commands.describe(name="Empty: the one used in this channel")
    async def test(self, interaction: discord.Interaction[Any], name: str | None = None) -> None:
        await think(interaction)
        chosen = name or (await self._effective(interaction)).profile
        if not await self._refused(interaction, chosen):
            await tell(interaction, await self._test(chosen))

    @show.autocomplete("name")
    @switch.autocomplete("name")
    @default.autocomplete("name")
    @test.autocomplete("name")
    @move.autocomplete("old")
    @move.autocomplete("new")
    async def _names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _refused(self, interaction: discord.Interaction[Any], name: str) -> bool:
        problem = self._profiles.problem(name)
        if problem:
            await tell(interaction, problem)
        return problem is not None

    async def _effective(self, interaction: discord.Interaction[Any]) -> Effective:
        parent_id = parent_of(interaction)
        return effective_profile(
            await self._bindings.channel(channel_of(interaction)),
            await self._bindings.channel(parent_id) if parent_id else None,
            await self._settings(interaction),
            self._default(),
        )

    async def _settings(self, interaction: discord.Interaction[Any]) -> GuildSettings:
        return await self._bindings.guild(interaction.guild_id or 0)
