"""Starts scenes: a thread or a forum post with a story of its own."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord

from bot.delivery import Delivery
from bot.errors import NotAllowed
from bot.inbox import Inbox
from bot.pacing import Priority
from bot.sending import Sender
from bot.turns import Turns
from roleplay.bindings import Bindings, ChannelBinding
from roleplay.casting.cast import Cast, Casts, alone
from roleplay.chats.chat import Chat
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.scenes.store import SceneStore, StoredScene
from roleplay.transcript import Transcript, Turn, TurnRequest

NAME_LENGTH = 80

LAST_SHOWN = 5
"""Messages of an imported chat that are shown in its thread."""

EXCERPT = 300
"""Characters of each of them."""


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
    clock: Clock

    async def start(
        self,
        interaction: discord.Interaction[Any],
        title: str,
        *,
        character_id: int | None = None,
        profile: str | None = None,
        chat: Chat | None = None,
    ) -> discord.Thread:
        """A bound thread beside where the command was used; a `chat` is what was said before.

        Raises:
            DiscordError: no thread can be made here.
            StorageError: it could not be stored.
        """
        thread = await self._thread(interaction.channel, title[:NAME_LENGTH])
        guild_id, by, at = interaction.guild_id or 0, interaction.user.id, self.clock.now()
        await self.bindings.bind(ChannelBinding(thread.id, guild_id, by, at, profile=profile))
        if character_id is not None:
            await self.casts.change(
                Cast(thread.id, guild_id), lambda cast: alone(cast, character_id)
            )
        scene = StoredScene(thread.id, guild_id, title, "running", by, at)
        if chat:
            scene = replace(scene, header=chat.header)
        await self.scenes.save(scene)
        if chat:
            names = dict.fromkeys(chat.characters, character_id or 0)
            await self.scenes.bring(scene, chat, names)
            await self.sender.post(thread.id, retold(chat))
        else:
            await self._greet(interaction, thread, character_id)
        return thread

    async def _thread(self, channel: object, name: str) -> discord.Thread:
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        if not isinstance(parent, discord.TextChannel | discord.ForumChannel):
            raise NotAllowed(
                say("There are no threads in this kind of channel."),
                hint=say("Use a text channel or a forum."),
            )

        async def make() -> discord.Thread:
            if isinstance(parent, discord.ForumChannel):
                nobody = discord.AllowedMentions.none()
                post = await parent.create_thread(name=name, content=name, allowed_mentions=nobody)
                return post.thread
            return await parent.create_thread(name=name, type=discord.ChannelType.public_thread)

        return await self.delivery.call(Priority.NOTICE, parent.id, make)

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


def retold(chat: Chat) -> str:
    """What stands in the thread of an imported chat: how it ended there."""
    said = [line for line in chat.lines if not line.hidden]
    head = say("-# {count} messages were brought along. This is how it ended:", count=len(said))
    quotes = [
        f"**{discord.utils.escape_markdown(line.name[:80])}**: {_short(line.text)}"
        for line in said[-LAST_SHOWN:]
    ]
    return "\n".join([head, *quotes])[:2000]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"
