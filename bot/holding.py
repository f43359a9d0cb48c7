"""Lets channels wait for their profile, and answers them when it is back."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from backends.breaker import BreakerStatus
from bot.errors import DiscordError, MessageGone
from bot.pacing import Priority
from bot.sending import Sender
from bot.turn_buttons import buttons
from bot.turns import Turns
from roleplay.errors import NoSuchProfile, RoleForgeError
from roleplay.ports import Clock
from roleplay.scene import Scene, Scenes
from roleplay.transcript import Transcript, Turn
from roleplay.waiting import (
    MOST_WAITING,
    TOO_OLD,
    Held,
    WaitingLine,
    given_up,
    place,
    told,
    worth_waiting,
)

log = logging.getLogger(__name__)


TRIED = 600.0
"""Seconds for which a channel whose answer failed once more takes its old place in line."""


class Breakers(Protocol):
    """What `backends.pool.Pool` knows of each profile."""

    def breaker(self, name: str) -> BreakerStatus: ...


class Holding:
    """A `roleplay.waiting.Patience`. `look` belongs on the schedule."""

    def __init__(
        self,
        line: WaitingLine,
        scenes: Scenes,
        transcript: Transcript,
        sender: Sender,
        breakers: Breakers,
        *,
        turns: Callable[[], Turns],
        clock: Clock,
    ) -> None:
        self._line = line
        self._scenes = scenes
        self._transcript = transcript
        self._sender = sender
        self._breakers = breakers
        self._turns = turns
        self._clock = clock
        self._tried: dict[int, tuple[Held, float]] = {}

    async def hold(self, turn: Turn, parent_id: int | None, error: RoleForgeError) -> bool:
        scene = await self._scenes.load(turn.channel_id, parent_id, turn.guild_id)
        if scene is None or scene.when_down != "queue" or not worth_waiting(error):
            return False
        line = await self._line.all()
        held = await self._held(turn, scene, line)
        if held is None:
            return False
        await self._line.save(held)
        await self._line.save(await self._say(held, told(held, place(held, line))))
        return True

    async def _held(self, turn: Turn, scene: Scene, line: list[Held]) -> Held | None:
        """None: too many wait already."""
        before = next((each for each in line if each.channel_id == turn.channel_id), None)
        if before:
            more = before.messages + (before.turn_id != turn.id)
            return replace(before, turn_id=turn.id, messages=more)
        profile = scene.profile.profile
        if sum(each.profile == profile for each in line) >= MOST_WAITING:
            return None
        since, messages = self._place_before(turn.channel_id)
        return Held(
            turn.channel_id, turn.guild_id, scene.parent_id, turn.id, profile, since, messages
        )

    def _place_before(self, channel_id: int) -> tuple[float, int]:
        """Since when it waits and how many messages, if it was let go just now."""
        now = self._clock.now()
        self._tried = {key: one for key, one in self._tried.items() if now - one[1] < TRIED}
        held, _ = self._tried.pop(channel_id, (None, 0.0))
        return (held.since, held.messages) if held else (now, 1)

    async def look(self) -> None:
        """Answer those whose profile may be back; where that is not sure, one as a trial."""
        trials: set[str] = set()
        for held in await self._line.all():
            try:
                phase = self._breakers.breaker(held.profile).phase
            except NoSuchProfile:
                phase = "closed"
            if self._clock.now() - held.since > TOO_OLD:
                await self._give_up(held)
            elif phase == "closed" or (phase == "half-open" and held.profile not in trials):
                trials.add(held.profile)
                await self._release(held)

    async def _release(self, held: Held) -> None:
        """A turn that somebody has tried again in the meantime is left to them."""
        await self._line.remove(held.channel_id)
        turn = await self._transcript.turn(held.turn_id)
        await self._unsay(held)
        if turn is None or turn.state not in ("failed", "interrupted"):
            return
        if again := await self._transcript.reopen(held.turn_id):
            self._tried[held.channel_id] = (held, self._clock.now())
            self._turns().wake(again, held.parent_id)

    async def _give_up(self, held: Held) -> None:
        await self._line.remove(held.channel_id)
        try:
            await self._say(held, given_up(held))
        except DiscordError as error:
            log.warning("Channel %d is not told that it waits in vain: %s", held.channel_id, error)

    async def _say(self, held: Held, text: str) -> Held:
        """Edit the line of the channel, or post it where there is none."""
        small, view = f"-# {text}", buttons(held.turn_id)
        if held.line_id:
            try:
                await self._sender.edit(held.channel_id, held.line_id, small, view=view)
            except MessageGone:
                pass
            else:
                return held
        posted = await self._sender.post(held.channel_id, small, priority=Priority.FINAL, view=view)
        return replace(held, line_id=posted.id)

    async def _unsay(self, held: Held) -> None:
        try:
            if held.line_id:
                await self._sender.delete(held.channel_id, held.line_id)
        except DiscordError as error:
            log.warning("A line in channel %d stays: %s", held.channel_id, error)
