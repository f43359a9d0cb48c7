"""People are told, once, when their story no longer fits into what the model reads."""

from typing import Protocol

from roleplay.chat import ChatReply
from roleplay.phrases import say
from roleplay.ports import Clock
from roleplay.prompting.build import Assembled
from roleplay.transcript import Turn


class Told(Protocol):
    """Where it is kept who was told. Raises `StorageError`."""

    async def tell_of_forgetting(self, channel_id: int, guild_id: int | None, at: float) -> bool:
        """Whether it is the first time since the last reset; from now on it is not."""
        ...


class Forgetting:
    def __init__(self, told: Told, clock: Clock) -> None:
        self._told = told
        self._clock = clock

    async def remark(self, turn: Turn, assembled: Assembled, reply: ChatReply) -> str:
        """What to tell the channel after this reply; "" where there is nothing to tell.

        Raises:
            StorageError: nobody is told this time.
        """
        history = sum(block.id != 0 for block in assembled.prompt.blocks)
        left_out = reply.attempts[-1].history_left_out if reply.attempts else 0
        if not (left_out or assembled.report.ingredients.older):
            return ""
        if not await self._told.tell_of_forgetting(
            turn.channel_id, turn.guild_id, self._clock.now()
        ):
            return ""
        return say(
            "This story is longer than the model can read at once: replies are written from about "
            "the last {n} messages. Older ones are kept.",
            n=history - left_out,
        )
