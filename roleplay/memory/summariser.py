"""Sums up what was said in a channel, beside the turns and never in their way."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from roleplay.closing import closing
from roleplay.collect import Collector
from roleplay.errors import BackendError
from roleplay.memory.store import Memory, MemoryRules, Point, Remembered, Summary
from roleplay.memory.summing_up import batch, request, shortened
from roleplay.ports import Backend, Clock
from roleplay.prompt import Prompt

log = logging.getLogger(__name__)

KEPT_BACK = 10
"""The newest messages, which are not summed up: they are in the prompt for long yet."""

MOST_MESSAGES = 200
"""Read for one summary."""

RETRY_SECONDS = 300.0
"""After a failure; until then turns bring no new try."""

Outcome = Literal["written", "nothing", "busy", "changed", "off"]
"""nothing: there is too little to sum up. busy: the profile is down or has other work. changed:
what was summed up was deleted meanwhile."""


class Chains(Protocol):
    def chain(self, name: str) -> Backend: ...

    def deadline_seconds(self, name: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last try in a channel failed, and from when it is tried again."""

    at: float
    again_at: float
    detail: str


class Summariser:
    """`is_idle` says of a profile that nobody waits for it and that it is not known to be down."""

    def __init__(
        self,
        memory: Memory,
        chains: Chains,
        rules: Callable[[], MemoryRules],
        is_idle: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._memory = memory
        self._chains = chains
        self._rules = rules
        self._is_idle = is_idle
        self._clock = clock
        self._failures: dict[int, Failure] = {}

    def failure(self, channel_id: int) -> Failure | None:
        return self._failures.get(channel_id)

    def enabled(self, known: Remembered) -> bool:
        chosen = known.choice.enabled
        return self._rules().enabled if chosen is None else chosen

    async def consider(self, channel_id: int, profile: str) -> Outcome:
        """Sum up where enough was said since the last time; `profile` is the channel's own.

        A failure is remembered and tried again later.

        Raises:
            StorageError: nothing has changed.
        """
        failed = self._failures.get(channel_id)
        if failed and self._clock.now() < failed.again_at:
            return "busy"
        try:
            return await self.write(channel_id, profile, self._rules().every)
        except BackendError as error:
            self._failed(channel_id, error)
            return "busy"

    async def write(
        self, channel_id: int, profile: str, least: int, *, wait: bool = False
    ) -> Outcome:
        """The same where at least `least` messages wait; with `wait` also while others are waiting.

        Raises:
            BackendError: nobody wrote it.
            StorageError: nothing has changed.
        """
        known = await self._memory.of(channel_id, max(least, KEPT_BACK + 1))
        if not self.enabled(known):
            return "off"
        if known.summary and known.summary.stale and not known.summary.edited_by:
            await self._memory.drop_stale(channel_id)
            known = await self._memory.of(channel_id, max(least, KEPT_BACK + 1))
        if known.waiting < max(least, KEPT_BACK + 1):
            return "nothing"
        chosen = known.choice.profile or profile
        if not wait and not self._is_idle(chosen):
            return "busy"
        return await self._sum_up(channel_id, chosen, known)

    async def _sum_up(self, channel_id: int, profile: str, known: Remembered) -> Outcome:
        read = await self._memory.after(channel_id, known.covers, MOST_MESSAGES)
        messages = batch(read[:-KEPT_BACK])
        if not messages:
            return "nothing"
        budget = self._rules().summary_tokens
        before = known.summary.text if known.summary else ""
        collector = await self._ask(profile, request(before, messages, budget))
        reply = collector.reply()
        point = Point(0, messages[-1].id)
        text = shortened(reply.text, budget)
        summary = Summary(text, point, self._clock.now(), reply.served_by)
        stored = await self._memory.add(channel_id, summary, reply)
        self._failures.pop(channel_id, None)
        return "written" if stored else "changed"

    async def _ask(self, profile: str, prompt: Prompt) -> Collector:
        deadline = self._clock.monotonic() + self._chains.deadline_seconds(profile)
        collector = Collector()
        async with closing(self._chains.chain(profile).stream(prompt, deadline)) as events:
            async for event in events:
                collector.take(event)
        return collector

    def _failed(self, channel_id: int, error: BackendError) -> None:
        now = self._clock.now()
        detail = f"{error} {error.hint}".strip()
        log.warning("Channel %d could not be summed up: %s", channel_id, detail)
        self._failures[channel_id] = Failure(now, now + RETRY_SECONDS, detail)
