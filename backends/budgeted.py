"""A profile's own budget, before anything is asked of it: what is used up is skipped."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from typing import Protocol

from backends.fallback import Candidate
from roleplay.chat import StreamEvent
from roleplay.closing import closing
from roleplay.ports import Backend
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import Prompt


class ProfilePurse(Protocol):
    def profile(
        self, profile: ConnectionProfile, prompt: Prompt, source: AsyncIterator[StreamEvent]
    ) -> AsyncGenerator[StreamEvent]:
        """The same events. Raises `BudgetReached` before the first one."""
        ...


class Budgeted:
    """A `Backend` that pays before it asks."""

    def __init__(self, inner: Backend, profile: ConnectionProfile, purse: ProfilePurse) -> None:
        self._inner = inner
        self._profile = profile
        self._purse = purse

    @property
    def name(self) -> str:
        return self._inner.name

    async def stream(self, prompt: Prompt, deadline: float) -> AsyncGenerator[StreamEvent]:
        source = self._inner.stream(prompt, deadline)
        async with closing(self._purse.profile(self._profile, prompt, source)) as events:
            async for event in events:
                yield event


def budgeted(
    candidate: Candidate, profile: ConnectionProfile, purse: ProfilePurse | None
) -> Candidate:
    """The same place in a chain, with its budget kept."""
    if purse is None:
        return candidate
    return replace(
        candidate,
        backend=Budgeted(candidate.backend, profile, purse),
        last_resort=Budgeted(candidate.last_resort, profile, purse),
    )
