"""Starts scenes: a thread or a forum post with a story of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import discord

from bot.delivery import Delivery
from bot.errors import NotAllowed
from bot.inbox import Inbox
from bot.pacing import Priority
from bot.scenes.opening import opening, persona_button, retold
from bot.sending import Sender
from bot.turns import Turns
from roleplay.bindings import Bindings, ChannelBinding
from roleplay.casting.cast import Cast, Casts, Seat
from roleplay.characters.store import StoredCharacter
from roleplay.chats.chat import Chat
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.prompting.note import AuthorsNote
from roleplay.prompting.settings import PromptSettings
from roleplay.scenes.store import SceneStore, StoredScene
from roleplay.transcript import Transcript, Turn, TurnRequest

NAME_LENGTH = 80

Parent = discord.TextChannel | discord.ForumChannel


@dataclass(frozen=True, slots=True)
class Plan:
    """A scene that is to be started. No characters: the channel's own plays.

    `where` None: beside where the command was used. A `chat` is what was said before, and `voices`
    who spoke in it, by the names that it gives.
    """

    title: str
    characters: tuple[StoredCharacter, ...] = ()
    profile: str | None = None
    note: str = ""
    where: Parent | None = None
    chat: Chat | None = None
    voices: Mapping[str, StoredCharacter] = field(default_factory=dict[str, StoredCharacter])

    @property
    def names(self) -> list[str]:
        return [each.card.char for each in self.characters]

    @property
    def greeter(self) -> int | None:
        """The id of the character that begins."""
        return self.characters[0].id if self.characters else None


@dataclass(frozen=True, slots=True)
class SceneDesk:
    scenes: SceneStore
    bindings: Bindings
    casts: Casts
    transcript: Transcript
    turns: Turns
    inbox: Inbox
    sender: Sender
    delivery: Delivery
    settings: PromptSettings
    clock: Clock

    async def start(self, interaction: discord.Interaction[Any], plan: Plan) -> discord.Thread:
        """A bound thread, or a post of a forum.

        Raises:
            DiscordError: no thread can be made here.
            StorageError: it could not be stored.
        """
        thread = await self._thread(_parent(plan.where or interaction.channel), plan)
        guild_id, by, at = interaction.guild_id or 0, interaction.user.id, self.clock.now()
        scene = StoredScene(thread.id, guild_id, plan.title, "running", by, at)
        if plan.chat:
            scene = replace(scene, header=plan.chat.header)
            ids = {name: each.id for name, each in plan.voices.items()}
            await self.scenes.bring(scene, plan.chat, ids)
            await self._furnish(scene, plan)
            await self.sender.post(thread.id, retold(plan.chat), view=persona_button())
        else:
            await self._furnish(scene, plan)
            await self.scenes.save(scene)
            await self._greet(interaction, thread, plan.greeter)
        return thread

    async def _furnish(self, scene: StoredScene, plan: Plan) -> None:
        thread_id, guild_id = scene.channel_id, scene.guild_id
        by, at = scene.started_by, scene.started_at
        await self.bindings.bind(ChannelBinding(thread_id, guild_id, by, at, profile=plan.profile))
        if plan.characters:
            seats = tuple(Seat(each.id) for each in plan.characters)
            await self.casts.change(
                Cast(thread_id, guild_id), lambda cast: replace(cast, seats=seats)
            )
        if plan.note:
            await self.settings.save_note(thread_id, guild_id, AuthorsNote(plan.note))

    async def _thread(self, parent: Parent, plan: Plan) -> discord.Thread:
        """With the opening line in it, where no chat is retold there."""
        name = plan.title[:NAME_LENGTH]
        if isinstance(parent, discord.ForumChannel):
            return await self.delivery.call(
                Priority.NOTICE, parent.id, partial(_post, parent, name, opening(plan.names))
            )
        kind = discord.ChannelType.public_thread
        thread = await self.delivery.call(
            Priority.NOTICE, parent.id, partial(parent.create_thread, name=name, type=kind)
        )
        if not plan.chat:
            await self.sender.post(thread.id, opening(plan.names), view=persona_button())
        return thread

    async def _greet(
        self,
        interaction: discord.Interaction[Any],
        thread: discord.Thread,
        character_id: int | None,
    ) -> None:
        """A card without a greeting says nothing."""
        turn = await self.transcript.queue(
            TurnRequest(
                channel_id=thread.id,
                guild_id=interaction.guild_id,
                trigger_discord_id=interaction.id,
                created_at=self.clock.now(),
                kind="greeting",
                character_id=character_id,
                requested_by=interaction.user.id,
            )
        )
        self.inbox.put(partial(self._wake, turn, thread.parent_id))

    async def _wake(self, turn: Turn, parent_id: int | None) -> None:
        self.turns.wake(turn, parent_id)


def _parent(channel: object) -> Parent:
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if isinstance(parent, discord.TextChannel | discord.ForumChannel):
        return parent
    raise NotAllowed(
        say("There are no threads in this kind of channel."),
        hint=say("Use a text channel or a forum."),
    )


async def _post(forum: discord.ForumChannel, name: str, text: str) -> discord.Thread:
    """A forum's post is a thread whose first message comes with it."""
    nobody = discord.AllowedMentions.none()
    made = await forum.create_thread(
        name=name, content=text, view=persona_button(), allowed_mentions=nobody
    )
    return made.thread
