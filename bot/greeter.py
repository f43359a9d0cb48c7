"""Lets a character say the greeting on its card."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import discord

from bot.inbox import Inbox
from bot.places import channel_of, parent_of
from bot.turns import Turns
from roleplay.greeting import Greetings
from roleplay.phrases import count, say
from roleplay.ports import Clock
from roleplay.scene import Scenes
from roleplay.transcript import Transcript, Turn, TurnRequest


@dataclass(frozen=True, slots=True)
class Greeter:
    scenes: Scenes
    greetings: Greetings
    transcript: Transcript
    turns: Turns
    inbox: Inbox
    clock: Clock

    async def greet(
        self,
        interaction: discord.Interaction[Any],
        *,
        number: int = 1,
        character_id: int | None = None,
    ) -> str:
        """What is to be told: that it comes, or why it does not. `number` counts from 1.

        Raises:
            StorageError: nothing will be said.
        """
        channel_id, parent_id = channel_of(interaction), parent_of(interaction)
        scene = await self.scenes.load(channel_id, parent_id, interaction.guild_id)
        if scene is None:
            return say("This channel is not bound: I am silent here.")
        speaker = scene.character
        if character_id is not None:
            found = await self.scenes.character(character_id, interaction.guild_id)
            speaker = found or speaker
        texts = self.greetings.of(scene, speaker)
        if not texts:
            return say("The card of {name} has no greeting.", name=speaker.name)
        if number > len(texts):
            return count(
                len(texts),
                "The card of {name} has {count} greeting.",
                "The card of {name} has {count} greetings.",
                name=speaker.name,
            )
        turn = await self.transcript.queue(
            TurnRequest(
                channel_id=channel_id,
                guild_id=interaction.guild_id,
                trigger_discord_id=interaction.id,
                created_at=self.clock.now(),
                kind="greeting",
                character_id=speaker.id,
                requested_by=interaction.user.id,
                choice=number - 1,
            )
        )
        self.inbox.put(partial(self._wake, turn, parent_id))
        return say("{name} greets you.", name=speaker.name)

    async def _wake(self, turn: Turn, parent_id: int | None) -> None:
        self.turns.wake(turn, parent_id)
