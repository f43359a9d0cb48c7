"""What people do about a reply, whichever button, command or menu they use."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import discord

from bot.amends import Amends, may_amend
from bot.answers import tell
from bot.inbox import Inbox
from bot.places import channel_of, parent_of
from bot.tree import explain
from bot.turns import Turns
from roleplay.conversation import Conversation
from roleplay.errors import RoleForgeError
from roleplay.phrases import say
from roleplay.retelling import Retelling
from roleplay.swipes import NEW, to_the_left, to_the_right
from roleplay.transcript import StoredReply, Transcript, Turn

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Steering:
    """Each method returns what is to be told at once, "" where the channel itself shows it.

    The work is done in the channel's own order; what fails later is told to the one who asked.

    Raises:
        StorageError: from every method that waits.
    """

    transcript: Transcript
    turns: Turns
    inbox: Inbox
    conversation: Conversation
    retelling: Retelling
    amends: Amends

    async def swipe(
        self,
        interaction: discord.Interaction[Any],
        reply: StoredReply,
        direction: Literal["left", "right"],
    ) -> str:
        target = to_the_left(reply) if direction == "left" else to_the_right(reply)
        if target == NEW:
            return await self.write(interaction, reply.turn_id)
        if target is None:
            return ""
        work = partial(self.retelling.show, reply, target, parent_of(interaction))
        return self._soon(interaction, work)

    async def write(
        self, interaction: discord.Interaction[Any], turn_id: int, *, continues: bool = False
    ) -> str:
        """A new variant, or more of the one that stands."""
        turn = await self.transcript.turn(turn_id)
        if turn and turn.kind == "greeting" and turn.state == "done" and not continues:
            return on_the_card()
        reopened = await self.transcript.reopen(turn_id, continues=continues)
        if reopened is None:
            return _busy()
        self.inbox.put(partial(self._wake, reopened, parent_of(interaction)))
        return ""

    async def drop(self, interaction: discord.Interaction[Any], reply: StoredReply) -> str:
        """The variant that stands; with the only one the reply itself goes."""
        turn = await self.transcript.turn(reply.turn_id)
        posted = turn.posted[-1] if turn and turn.posted else 0
        whose = await self.amends.behind(reply.channel_id, posted)
        if whose is None or not await may_amend(interaction, whose):
            return say("Only those whom it answers, or a moderator, may do that.")
        if reply.count > 1:
            parent = parent_of(interaction)
            return self._soon(interaction, partial(self.retelling.drop, reply, parent))
        return self._soon(interaction, partial(self.conversation.unsay, reply.turn_id))

    def _soon(self, interaction: discord.Interaction[Any], work: Work) -> str:
        channel_id = channel_of(interaction)
        if self.turns.busy(channel_id):
            return _busy()
        errand = partial(_done, interaction, work)
        self.inbox.put(partial(self._run, channel_id, errand))
        return ""

    async def _run(self, channel_id: int, errand: Callable[[], Awaitable[None]]) -> None:
        self.turns.run(channel_id, errand)

    async def _wake(self, turn: Turn, parent_id: int | None) -> None:
        self.turns.wake(turn, parent_id)


async def _done(interaction: discord.Interaction[Any], work: Work) -> None:
    try:
        await work()
    except RoleForgeError as error:
        await tell(interaction, explain(error))


def on_the_card() -> str:
    return say("A greeting stands on the character's card; ◀ and ▶ show the others.")


def _busy() -> str:
    return say("A reply is being written right now.")
