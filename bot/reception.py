"""A message comes in: it is stored, and its turn is woken."""

from bot.turns import Turns
from roleplay.conversation import Conversation
from roleplay.transcript import IncomingMessage


class Reception:
    """The same for what Discord tells and for what is fetched later."""

    def __init__(self, conversation: Conversation, turns: Turns) -> None:
        self._conversation = conversation
        self._turns = turns

    async def accept(self, message: IncomingMessage, *, late: bool = False) -> None:
        turn = await self._conversation.accept(message, late=late)
        if turn:
            self._turns.wake(turn, message.parent_channel_id)

    async def edit(self, message: IncomingMessage) -> None:
        """A person changed what they wrote."""
        await self._conversation.edit(message.discord_id, message.text)
