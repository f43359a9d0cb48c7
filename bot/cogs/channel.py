"""/channel: where the character speaks, and when."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import tell
from bot.characters.names import CharacterNames
from bot.checks import require_manager
from bot.choices import ProfileNames
from bot.greeter import Greeter
from bot.permissions import missing_here
from bot.places import channel_of, parent_of
from roleplay.bindings import AnswerMode, Bindings, ChannelBinding, Source
from roleplay.casting.cast import Cast, Casts, alone
from roleplay.origins import Origins, origins_of
from roleplay.outages import WhenDown
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.scene import Scene, Scenes

WORDS = app_commands.Range[str, 1, 200]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ChannelCommands(commands.GroupCog, group_name="channel", group_description="Where I speak"):
    """Binding a channel is what makes the bot speak there: before that it is silent."""

    def __init__(
        self,
        bindings: Bindings,
        scenes: Scenes,
        profiles: ProfileNames,
        clock: Clock,
        *,
        casts: Casts,
        characters: CharacterNames,
        greeter: Greeter,
        troubles: Callable[[int], list[str]] = lambda _: [],
    ) -> None:
        self._bindings = bindings
        self._scenes = scenes
        self._profiles = profiles
        self._clock = clock
        self._casts = casts
        self._characters = characters
        self._greeter = greeter
        self._troubles = troubles

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        return await require_manager(interaction)

    @app_commands.command(description="Let the character answer in this channel or thread.")
    @app_commands.describe(
        profile="The connection profile to use; empty: the server's or the config's default",
        mode="When to answer; empty: the config's default",
        wake_words="Words that call the character in mention mode, separated by commas",
        greet="Let the character say its greeting",
    )
    async def bind(
        self,
        interaction: discord.Interaction[Any],
        profile: str | None = None,
        mode: Literal["all", "mention"] | None = None,
        wake_words: WORDS | None = None,
        greet: bool = False,  # noqa: FBT001, FBT002 - an option
    ) -> None:
        if profile and not await self._known(interaction, profile):
            return
        await self._bindings.bind(
            ChannelBinding(
                channel_id=channel_of(interaction),
                guild_id=interaction.guild_id or 0,
                bound_by=interaction.user.id,
                bound_at=self._clock.now(),
                profile=profile,
                mode=mode,
                wake_words=words_of(wake_words),
            )
        )
        told = await self._greeter.greet(interaction) if greet else ""
        await self._show(interaction, f"{say('This channel is bound.')} {told}".strip())

    @app_commands.command(description="Be silent in this channel again. The history is kept.")
    async def unbind(self, interaction: discord.Interaction[Any]) -> None:
        gone = await self._bindings.unbind(channel_of(interaction))
        not_bound = say("This channel has no binding of its own.")
        await tell(interaction, say("I am silent here now.") if gone else not_bound)

    @app_commands.command(description="What is set for this channel, and where that comes from.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        await self._show(interaction, "")

    @app_commands.command(description="Choose when the character answers in this channel.")
    @app_commands.describe(
        mode="all: every message. mention: mentions, replies to me, and wake words",
        wake_words="Words that call the character, separated by commas; '-' for none",
    )
    async def mode(
        self,
        interaction: discord.Interaction[Any],
        mode: AnswerMode,
        wake_words: WORDS | None = None,
    ) -> None:
        binding = await self._bindings.channel(channel_of(interaction))
        if binding is None:
            await tell(interaction, say("Bind this channel first, with /channel bind."))
            return
        words = binding.wake_words if wake_words is None else words_of(wake_words)
        await self._bindings.bind(replace(binding, mode=mode, wake_words=words))
        await self._show(interaction, say("Saved."))

    @app_commands.command(
        name="when-down", description="Choose what happens while its model is down."
    )
    @app_commands.describe(
        choice="fallback: other profiles answer. queue: messages wait until it is back"
    )
    async def when_down(self, interaction: discord.Interaction[Any], choice: WhenDown) -> None:
        binding = await self._bindings.channel(channel_of(interaction))
        if binding is None:
            await tell(interaction, say("Bind this channel first, with /channel bind."))
            return
        await self._bindings.bind(replace(binding, when_down=choice))
        await self._show(interaction, say("Saved."))

    @app_commands.command(description="Choose who speaks in this channel or thread, alone.")
    @app_commands.describe(
        name="As /character list has it; empty: the config's character again",
        greet="Let the character say its greeting",
    )
    async def character(
        self,
        interaction: discord.Interaction[Any],
        name: WORDS | None = None,
        greet: bool = False,  # noqa: FBT001, FBT002 - an option
    ) -> None:
        guild_id = interaction.guild_id or 0
        chosen = await self._characters.get(name, guild_id) if name else None
        start = Cast(channel_of(interaction), guild_id)
        await self._casts.change(start, lambda cast: alone(cast, chosen.id if chosen else None))
        told = await self._greeter.greet(interaction) if greet else ""
        await self._show(interaction, f"{say('Saved.')} {told}".strip())

    @character.autocomplete("name")
    async def _character_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._characters.choices(typed, interaction.guild_id)

    @bind.autocomplete("profile")
    async def _profile_names(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        return self._profiles.choices(typed)

    async def _known(self, interaction: discord.Interaction[Any], profile: str) -> bool:
        problem = self._profiles.problem(profile)
        if problem:
            await tell(interaction, problem)
        return problem is None

    async def _show(self, interaction: discord.Interaction[Any], headline: str) -> None:
        scene = await self._scenes.load(
            channel_of(interaction), parent_of(interaction), interaction.guild_id
        )
        if scene is None:
            await tell(interaction, say("This channel is not bound: I am silent here."))
            return
        home = parent_of(interaction) or channel_of(interaction)
        origins = await origins_of(scene, self._bindings, self._casts)
        lines = [
            headline,
            *describe(scene, origins),
            *missing_here(interaction),
            *self._troubles(home),
        ]
        await tell(interaction, "\n".join(line for line in lines if line))


def describe(scene: Scene, origins: Origins) -> list[str]:
    """A scene's settings, a line each, with where each was decided."""
    mode = (
        say("**Answers:** every message")
        if scene.mode == "all"
        else say("**Answers:** mentions, replies to me, and wake words")
    )
    when_down = (
        say("**While it is down:** other profiles answer")
        if scene.when_down == "fallback"
        else say("**While it is down:** messages wait until it is back")
    )
    found: list[tuple[str, Source]] = [
        (say("**Character:** {name}", name=scene.character.name), origins.character),
        (say("**Profile:** {profile}", profile=scene.profile.profile), scene.profile.source),
        (mode, origins.mode),
        (when_down, origins.when_down),
    ]
    if scene.wake_words:
        words = ", ".join(scene.wake_words)
        found.append((say("**Wake words:** {words}", words=words), origins.wake_words))
    return [say("{line} (set by the {source})", line=line, source=by) for line, by in found]


def words_of(text: str | None) -> tuple[str, ...] | None:
    """Comma-separated words; "-" is none at all, nothing typed is "not decided here"."""
    if text is None:
        return None
    words = (word.strip() for word in text.split(","))
    return tuple(word for word in words if word and word != "-")
