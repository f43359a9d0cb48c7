"""Reserves what a reply may take before it is asked for, and settles what it took."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from roleplay.budgets import Books, Charge, Limit, Refusal, concerns
from roleplay.chat import Delta, StreamEvent, Usage
from roleplay.closing import closing
from roleplay.errors import BudgetReached, StorageError
from roleplay.limit_words import reached
from roleplay.ports import Clock
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import Prompt
from roleplay.scene import Scene
from roleplay.tokens import MESSAGE_TOKENS, Ratios, estimate, total, weigh
from roleplay.transcript import Turn
from roleplay.usage import cost_of, settled

log = logging.getLogger(__name__)

Events = AsyncIterator[StreamEvent]


class TurnPurse(Protocol):
    """Stands before the reply of a turn."""

    def turn(
        self, turn: Turn, scene: Scene, prompt: Prompt, source: Events
    ) -> AsyncGenerator[StreamEvent]:
        """The same events. Raises `BudgetReached` before the first one."""
        ...


@dataclass
class Taken:
    """What came of a reply."""

    texts: list[str] = field(default_factory=list[str])
    usage: Usage | None = None
    served_by: str = ""

    def note(self, event: StreamEvent) -> None:
        if isinstance(event, Delta):
            self.texts.extend((event.text, event.reasoning))
            self.usage = event.usage or self.usage
            self.served_by = event.served_by or self.served_by

    @property
    def came(self) -> bool:
        return self.usage is not None or any(self.texts)


class Purse:
    """Where no limit concerns a reply, nothing is stored.

    `profiles` and `fixed` are those of now; `fixed` are the limits of the config.
    """

    def __init__(
        self,
        books: Books,
        fixed: Callable[[], Sequence[Limit]],
        profiles: Callable[[], Mapping[str, ConnectionProfile]],
        clock: Clock,
    ) -> None:
        self._books = books
        self.fixed = fixed
        self._profiles = profiles
        self._clock = clock
        self._told: dict[tuple[int, int, Limit], float] = {}

    async def turn(
        self, turn: Turn, scene: Scene, prompt: Prompt, source: Events
    ) -> AsyncGenerator[StreamEvent]:
        charge = Charge(turn.requested_by, scene.parent_id or turn.channel_id, turn.guild_id)
        profile = self._profiles().get(scene.profile.profile)
        async with (
            closing(source),
            aclosing(self._spend(charge, profile, prompt, source)) as events,
        ):
            async for event in events:
                yield event

    async def profile(
        self, profile: ConnectionProfile, prompt: Prompt, source: Events
    ) -> AsyncGenerator[StreamEvent]:
        """What one profile is asked, by whomever. Raises `BudgetReached` before the first event."""
        charge = Charge(profile=profile.name)
        async with (
            closing(source),
            aclosing(self._spend(charge, profile, prompt, source)) as events,
        ):
            async for event in events:
                yield event

    async def limits(self, charge: Charge) -> list[Limit]:
        """All that concern it, from wherever they come."""
        kept = await self._books.limits(charge.guild_id or 0)
        return [limit for limit in (*self.fixed(), *kept) if concerns(limit, charge)]

    async def _spend(
        self, charge: Charge, profile: ConnectionProfile | None, prompt: Prompt, source: Events
    ) -> AsyncGenerator[StreamEvent]:
        limits = await self.limits(charge)
        if not limits:
            async for event in source:
                yield event
            return
        if profile and any(limit.what != "messages" for limit in limits):
            charge = _estimated(charge, profile, prompt)
        entry = await self._books.reserve(charge, limits, self._clock.now())
        if isinstance(entry, Refusal):
            raise self._error(entry, charge)
        taken = Taken()
        try:
            async for event in source:
                taken.note(event)
                yield event
        finally:
            await self._settle(entry, taken)

    async def _settle(self, entry: int, taken: Taken) -> None:
        """Without a usage, what was reserved stays spent."""
        try:
            if not taken.came:
                await self._books.release(entry)
            elif usage := settled(taken.usage, "".join(taken.texts), ""):
                served_by = self._profiles().get(taken.served_by)
                price = served_by.price if served_by else None
                tokens = usage.prompt_tokens + usage.completion_tokens
                await self._books.settle(entry, tokens, cost_of(usage, price) if price else 0.0)
        except StorageError as error:
            log.warning("A reply's budget stays as it was reserved: %s", error)

    def _error(self, refusal: Refusal, charge: Charge) -> BudgetReached:
        now = self._clock.now()
        self._told = {key: until for key, until in self._told.items() if until > now}
        key = (charge.channel_id, charge.user_id, refusal.limit)
        error = reached(refusal, charge)
        error.quiet = key in self._told
        end = now + refusal.limit.seconds
        self._told.setdefault(key, min(refusal.free_at, end))
        return error


def _estimated(charge: Charge, profile: ConnectionProfile, prompt: Prompt) -> Charge:
    """The prompt as far as it fits, and the longest reply."""
    texts = (weigh(block.text) for block in prompt.blocks)
    asked = estimate(total(texts), Ratios()) + MESSAGE_TOKENS * len(prompt.blocks)
    reply = profile.reply_tokens
    usage = Usage(min(asked, profile.window - reply), reply)
    cost = cost_of(usage, profile.price) if profile.price else 0.0
    return replace(charge, tokens=usage.prompt_tokens + usage.completion_tokens, cost=cost)
