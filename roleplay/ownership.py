"""Who is behind a message of the bot: the character, the people it answers, and the model."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Authorship:
    """One Discord message of a reply. `text` is that part of it, "" while it is being written.

    `answered` are the Discord users whose messages, or whose command, it answers.
    """

    discord_id: int
    channel_id: int
    guild_id: int | None
    turn_id: int
    character_id: int
    character: str
    text: str
    answered: frozenset[int]
    parts: tuple[int, ...]
    served_by: str
    model: str


class Ownership(Protocol):
    """Raises `StorageError`."""

    async def behind(self, discord_id: int) -> Authorship | None:
        """None: no part of a reply that is known here."""
        ...


class Nobody:
    """Knows of no reply."""

    async def behind(self, discord_id: int) -> Authorship | None:
        del discord_id
        return None
