"""Earlier messages by what they are about: learnt beside the turns, asked within one."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from roleplay.errors import BackendError
from roleplay.memory.nearness import by_cosine, signs, standing_out
from roleplay.memory.recall import MOST
from roleplay.memory.store import Memory, MemoryRules
from roleplay.memory.terms import NEWEST
from roleplay.ports import Clock, Embedder, Vector
from roleplay.transcript import StoredMessage

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Messages of one request: a turn that asks meanwhile does not wait for long."""

MOST_AT_ONCE = 128
"""Messages learnt after one turn: a long history is caught up over several turns."""

SECONDS = 1.5
"""That a turn waits at most."""

PAUSE = 60.0
"""Seconds after a failure, in which nothing is asked."""

LONGEST = 1000
"""Characters of what is looked for, from its end."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The vector of a message, as its text was when the vector was made."""

    message_id: int
    text: str
    vector: Vector


class Vectors(Protocol):
    """Raises `StorageError` from any method. `model` is an `Embedder.id`."""

    async def missing(self, channel_id: int, model: str, limit: int) -> list[tuple[int, str]]:
        """Ids and texts of the newest messages that are seen and have no vector of this model."""
        ...

    async def save(self, channel_id: int, model: str, learnt: Sequence[Learnt]) -> None:
        """Keep those whose message is still as it was; those of too old messages go."""
        ...

    async def signs(
        self, channel_id: int, model: str, before: int, size: int
    ) -> list[tuple[int, bytes]]:
        """Of messages with an id below `before`, see `nearness.signs`; `size` is in numbers."""
        ...

    async def read(self, ids: Sequence[int], model: str) -> dict[int, Vector]: ...

    async def any(self, channel_id: int, model: str, before: int) -> bool:
        """Whether there is a vector of a message with an id below `before`."""
        ...


class Likeness:
    """`embedder_of` a profile; `is_idle` and `is_up` say of one whether it may be asked.

    Nobody is told of a failure: words are looked for all the same.
    """

    def __init__(
        self,
        memory: Memory,
        vectors: Vectors,
        rules: Callable[[], MemoryRules],
        embedder_of: Callable[[str], Embedder | None],
        *,
        is_idle: Callable[[str], bool],
        is_up: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._memory = memory
        self._vectors = vectors
        self._rules = rules
        self._embedder_of = embedder_of
        self._is_idle = is_idle
        self._is_up = is_up
        self._clock = clock
        self._again_at = 0.0
        self._failing = False

    async def learn(self, channel_id: int) -> None:
        """Make vectors that are missing. What fails is made after a later turn.

        Raises:
            StorageError: what was made is not stored.
        """
        name = self._rules().embeddings
        if not name or not await self._wanted(channel_id):
            return
        for _ in range(MOST_AT_ONCE // AT_ONCE):
            embedder = self._ready(name, self._is_idle)
            if not embedder or not await self._learn_some(channel_id, name, embedder):
                return

    async def near(
        self, channel_id: int, history: Sequence[StoredMessage], before: int
    ) -> list[int]:
        """Ids of messages below `before` that are about what the newest are about, best first.

        None where the server does not say so within `SECONDS`.

        Raises:
            StorageError: what is kept cannot be read.
        """
        name = self._rules().embeddings
        embedder = self._ready(name, self._is_up) if name else None
        if not embedder or not await self._vectors.any(channel_id, embedder.id, before):
            return []
        text = "\n".join(message.text for message in history[-NEWEST:])[-LONGEST:]
        made = await self._made(name, embedder, [text], SECONDS)
        if not made:
            return []
        [wanted] = made
        rows = await self._vectors.signs(channel_id, embedder.id, before, len(wanted))
        found = await self._vectors.read(standing_out(signs(wanted), rows), embedder.id)
        return by_cosine(wanted, found, MOST)

    async def _wanted(self, channel_id: int) -> bool:
        rules, known = self._rules(), await self._memory.of(channel_id)
        enabled = rules.enabled if known.choice.enabled is None else known.choice.enabled
        return enabled and rules.recall

    def _ready(self, name: str, may_ask: Callable[[str], bool]) -> Embedder | None:
        if self._clock.monotonic() < self._again_at or not may_ask(name):
            return None
        return self._embedder_of(name)

    async def _learn_some(self, channel_id: int, name: str, embedder: Embedder) -> bool:
        """False: there is nothing left, or it failed."""
        missing = await self._vectors.missing(channel_id, embedder.id, AT_ONCE)
        made = await self._made(name, embedder, [text for _, text in missing]) if missing else []
        learnt = [Learnt(*one, vector) for one, vector in zip(missing, made, strict=False)]
        if learnt:
            await self._vectors.save(channel_id, embedder.id, learnt)
        return bool(learnt)

    async def _made(
        self, name: str, embedder: Embedder, texts: Sequence[str], seconds: float | None = None
    ) -> list[Vector]:
        """None of them where that failed, which is told to the log once."""
        try:
            async with asyncio.timeout(seconds):
                made = await embedder.embed(texts)
        except (BackendError, TimeoutError) as error:
            self._failed(name, error)
            return []
        self._failing = False
        return made

    def _failed(self, name: str, error: Exception) -> None:
        level = logging.DEBUG if self._failing else logging.WARNING
        why = str(error) or f"no answer within {SECONDS} s"
        log.log(level, "%s made no vectors; only words are looked for: %s", name, why)
        self._failing = True
        self._again_at = self._clock.monotonic() + PAUSE
