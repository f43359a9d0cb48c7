"""Another way for a story to go on: a thread that begins with a copy of what was said so far."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.delivery import Delivery
from bot.errors import NotAllowed
from bot.pacing import Priority
from bot.sending import Sender
from roleplay.bindings import Bindings
from roleplay.casting.cast import Casts
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.transcript import Transcript

MOST = 400
"""Messages that come along: as many as a prompt reads, so that it costs the same in any channel."""

NAME_LENGTH = 80

Parent = discord.TextChannel | discord.ForumChannel


@dataclass(frozen=True, slots=True)
class Branches:
    transcript: Transcript
    bindings: Bindings
    casts: Casts
    sender: Sender
    delivery: Delivery
    clock: Clock

    async def start(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> discord.Thread:
        """A thread with the story up to a message that is known.

        Raises:
            DiscordError: no thread can be made here.
            StorageError: the copy could not be stored.
        """
        thread = await self._thread(interaction.channel, message)
        count = await self.transcript.branch(message.id, thread.id, MOST)
        await self._settle(message.channel.id, thread.id, interaction.user.id)
        text = say(
            "-# From here the story goes another way. {count} messages came along from {link}, "
            "where it goes on by itself.",
            count=count,
            link=message.jump_url,
        )
        await self.sender.post(thread.id, text)
        return thread

    async def _thread(self, channel: object, message: discord.Message) -> discord.Thread:
        """Beside the channel's other threads; a thread's branch stands beside that thread."""
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        if not isinstance(parent, Parent):
            raise NotAllowed(
                say("There are no threads in this kind of channel."),
                hint=say("Use a text channel or a forum."),
            )
        name = _name(message)

        async def make() -> discord.Thread:
            if isinstance(parent, discord.ForumChannel):
                return (await parent.create_thread(name=name, content=name)).thread
            return await parent.create_thread(name=name, type=discord.ChannelType.public_thread)

        return await self.delivery.call(Priority.NOTICE, parent.id, make)

    async def _settle(self, source: int, thread: int, by: int) -> None:
        """What is set for the place itself; all else comes from the parent channel anyhow."""
        binding = await self.bindings.channel(source)
        if binding:
            at = self.clock.now()
            await self.bindings.bind(replace(binding, channel_id=thread, bound_by=by, bound_at=at))
        cast = await self.casts.cast(source)
        if cast:
            await self.casts.change(replace(cast, channel_id=thread), lambda copied: copied)


def _name(message: discord.Message) -> str:
    """After the first words of the message."""
    words = " ".join(message.clean_content.split()) or say("Another way")
    name = f"↪ {words}"
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
