"""Asks models for whole answers where free questions are not enough, within a day's allowance."""

import asyncio
import logging
from collections.abc import Collection

from roleplay.errors import RoleForgeError
from roleplay.ladder import (
    DAY,
    Completer,
    Completion,
    CompletionRule,
    Spend,
    Spending,
    affordable,
    reason_to_ask,
)
from roleplay.monitor import Monitor
from roleplay.ports import Clock

log = logging.getLogger(__name__)


class Deepening:
    """`rule` may be set anew. One answer that hangs keeps no other profile waiting."""

    def __init__(
        self,
        monitor: Monitor,
        completer: Completer,
        spending: Spending,
        clock: Clock,
        rule: CompletionRule,
    ) -> None:
        self.rule = rule
        self._monitor = monitor
        self._completer = completer
        self._spending = spending
        self._clock = clock
        self._asked: dict[str, float] = {}
        self._told: set[tuple[str, int]] = set()

    async def look(self, profiles: Collection[str]) -> None:
        """Ask the profiles for which an answer is due."""
        now = self._clock.now()
        for gone in self._asked.keys() - set(profiles):
            del self._asked[gone]
        due = [name for name in profiles if self._due(name, now)]
        await asyncio.gather(*(self._guarded(name) for name in due))

    def _due(self, name: str, now: float) -> bool:
        state = self._monitor.state(name)
        if self._monitor.planned_until(name) is not None or self._completer.busy(name):
            return False
        return bool(reason_to_ask(state, self.rule, self._asked.get(name, 0.0), now))

    async def _guarded(self, name: str) -> None:
        try:
            await self._ask(name)
        except RoleForgeError as exc:
            log.warning("The answer of %s does not count: %s", name, exc)
        except Exception:
            log.exception("Asking %s for an answer broke", name)

    async def _ask(self, name: str) -> None:
        """What it may take at most is set aside first, so that a crash cannot spend it twice."""
        now = self._clock.now()
        day, most = int(now // DAY), self._completer.most(name)
        if not affordable(await self._spending.spent(name, day), most, self.rule):
            self._tell_once(name, day)
            return
        self._asked[name] = now
        await self._spending.spend(name, day, most)
        completion = await self._completer.complete(name)
        await self._settle(name, day, most, completion)
        await self._monitor.judge(name, completion.result)

    async def _settle(self, name: str, day: int, most: Spend, completion: Completion) -> None:
        """Give back what was not needed, where the server counted."""
        prompt, answer = completion.prompt_tokens, completion.completion_tokens
        if prompt is None or answer is None:
            return
        share = min((prompt + answer) / most.tokens, 1.0) if most.tokens else 0.0
        back = Spend(0, prompt + answer - most.tokens, most.cost * share - most.cost)
        if back.tokens < 0:
            await self._spending.spend(name, day, back)

    def _tell_once(self, name: str, day: int) -> None:
        if (name, day) not in self._told:
            self._told = {(name, day), *(each for each in self._told if each[1] == day)}
            log.warning("%s is asked for no more answers today: health.completion bounds it", name)
