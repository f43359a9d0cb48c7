"""A message comes in: it is stored, and its turn is woken."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.turns import Turns
from roleplay.conversation import Conversation
from roleplay.ports import Clock
from roleplay.proxying import Original, ProxyWatch
from roleplay.transcript import IncomingMessage, Transcript, Turn

HOLD = 1.5
"""Seconds that the message of a person who writes through a proxy waits for it."""


IsPaused = Callable[[int], Awaitable[bool]]
"""Whether a channel's scene is: what is said there is then only remembered."""


class Reception:
    """The same for what Discord tells and for what is fetched later.

    A message and its proxy are taken as one: the proxy stands in for it, and is answered once.
    """

    def __init__(
        self,
        conversation: Conversation,
        turns: Turns,
        transcript: Transcript,
        tasks: asyncio.TaskGroup,
        clock: Clock,
        *,
        is_paused: IsPaused | None = None,
    ) -> None:
        self._is_paused = is_paused
        self._conversation = conversation
        self._turns = turns
        self._transcript = transcript
        self._tasks = tasks
        self._clock = clock
        self._watch = ProxyWatch()

    async def accept(self, message: IncomingMessage, *, late: bool = False) -> None:
        if message.proxied:
            await self._accept_proxy(message, late=late)
        elif not self._watch.is_repeated(message):
            turn = await self._accept(message, late=late)
            self._watch.note(message, turn.id if turn else None)
            if turn and self._watch.expects(message):
                self._tasks.create_task(self._hold(message, turn))
            elif turn:
                self._turns.wake(turn, message.parent_channel_id)

    async def edit(self, message: IncomingMessage) -> None:
        """A person changed what they wrote."""
        await self._conversation.edit(message.discord_id, message.text)

    async def _accept(self, message: IncomingMessage, *, late: bool) -> Turn | None:
        paused = self._is_paused is not None and await self._is_paused(message.channel_id)
        return await self._conversation.accept(message, late=late or paused)

    async def _hold(self, message: IncomingMessage, turn: Turn) -> None:
        """The turn begins when its proxy comes, or now that none has."""
        await self._clock.sleep(HOLD)
        if self._watch.missed(message):
            self._turns.wake(turn, message.parent_channel_id)

    async def _accept_proxy(self, proxy: IncomingMessage, *, late: bool) -> None:
        original = self._watch.original_of(proxy)
        if original:
            proxy = _by_the_same(proxy, original.message)
            if await self._stands_in(proxy, original):
                return
        turn = await self._accept(proxy, late=late)
        if turn:
            self._turns.wake(turn, proxy.parent_channel_id)

    async def _stands_in(self, proxy: IncomingMessage, original: Original) -> bool:
        """True: the turn of the original goes on with the proxy in its place.

        An answer to the original that is being written, or that the deletion of the original has
        cut off, is taken back: the proxy is then answered anew.
        """
        channel_id, original_id = proxy.channel_id, original.message.discord_id
        turn = await self._transcript.turn(original.turn_id) if original.turn_id else None
        running = turn is not None and turn.state == "running"
        if running and self._turns.withdraw(channel_id, original_id):
            await self._transcript.delete([original_id])
            return False
        if not await self._conversation.stand_in(original_id, proxy):
            if turn and turn.trigger_discord_id == original_id:
                await self._conversation.unsay(turn.id)
            return False
        if turn and turn.state == "accepted":
            self._turns.move(channel_id, original_id, proxy.discord_id)
            moved = await self._transcript.turn(turn.id)
            self._turns.wake(moved or turn, proxy.parent_channel_id)
        return True


def _by_the_same(proxy: IncomingMessage, original: IncomingMessage) -> IncomingMessage:
    """What a webhook cannot show: who wrote it, and whom it calls or answers."""
    return replace(
        proxy,
        author_id=original.author_id,
        mentions_bot=proxy.mentions_bot or original.mentions_bot,
        replies_to_bot=proxy.replies_to_bot or original.replies_to_bot,
        replies_to=proxy.replies_to or original.replies_to,
    )
