"""What a channel remembers beyond the messages that fit into a prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from roleplay.chat import ChatReply
from roleplay.transcript import StoredMessage


@dataclass(frozen=True, slots=True)
class MemoryRules:
    """What the config says; a channel may turn memory off. Budgets are in tokens.

    `every` is how many messages are gathered before they are summed up. `embeddings` names the
    profile that makes vectors of messages, "" for none.
    """

    enabled: bool = True
    every: int = 50
    summary_tokens: int = 300
    recall: bool = True
    recall_tokens: int = 200
    embeddings: str = ""


@dataclass(frozen=True, slots=True)
class MemoryChoice:
    """A channel's own. `enabled` None: as the config says. `profile` "": the channel's own."""

    channel_id: int
    guild_id: int | None
    enabled: bool | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Up to where a summary goes: the place of a message in its channel, and its id."""

    position: int = 0
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened up to `covers`. `edited_by` is the person that wrote it, 0: a model did.

    `stale`: something that it covers was changed since.
    """

    text: str
    covers: Point
    made_at: float
    profile: str = ""
    edited_by: int = 0
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A channel's memory. `waiting` counts the messages after the summary, up to the number asked.

    `summary` is None where nothing is summed up yet.
    """

    choice: MemoryChoice
    summary: Summary | None = None
    waiting: int = 0

    @property
    def covers(self) -> Point:
        return self.summary.covers if self.summary else Point()


class Memory(Protocol):
    """Raises `StorageError` from any method."""

    async def of(self, channel_id: int, most_waiting: int = 0) -> Remembered: ...

    async def choose(self, choice: MemoryChoice) -> None: ...

    async def after(self, channel_id: int, point: Point, limit: int) -> list[StoredMessage]:
        """The first messages behind a point and the last reset that are not hidden."""
        ...

    async def add(self, channel_id: int, summary: Summary, reply: ChatReply) -> bool:
        """Keep a summary and what it took. False: what it covers was changed or left out."""
        ...

    async def edit(self, channel_id: int, text: str, by: int, at: float) -> bool:
        """Write the newest summary anew, or the first of all; False: nothing was said yet."""
        ...

    async def drop_stale(self, channel_id: int) -> None:
        """Summaries that no person wrote, from the first stale one on."""
        ...

    async def clear(self, channel_id: int) -> bool:
        """Forget every summary; what was said until now is not summed up again."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that holds `term`, the place of a word among those that were sought."""

    term: int
    message_id: int


class Moments(Protocol):
    """Earlier messages, by their words. Raises `StorageError`."""

    async def hits(self, channel_id: int, terms: Sequence[str], before: int) -> list[Hit]:
        """The newest messages with each of the terms, and an id below `before`."""
        ...

    async def read(self, channel_id: int, ids: Sequence[int]) -> list[StoredMessage]:
        """Those after the last reset that are not hidden, in the channel's order."""
        ...
