"""A notice as it is handed to whoever delivers it, and where it may go."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import discord

from roleplay.incidents import Incident

WEBHOOK = 0
"""The id of the place that is a webhook."""

Event = Literal["opened", "updated", "recovered", "reminder", "test"]


class NotTaken(Exception):
    """The message was not taken; `str` says why, for those who can mend it."""


class MessageGone(Exception):
    """The message, or its channel, was deleted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where notices go. `id` is a server's, minus an owner's for direct messages, or `WEBHOOK`.

    `channel_id` is a text channel, thread or forum; 0 where there is no choice.
    """

    id: int
    channel_id: int = 0

    @property
    def is_guild(self) -> bool:
        return self.id > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notice stands; `channel_id` is the post's own thread in a forum."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said. `incidents` are those it tells of, `news` those that this change is about."""

    event: Event
    embed: discord.Embed
    view: discord.ui.View | None = None
    incidents: Sequence[Incident] = ()
    news: Sequence[Incident] = ()

    @property
    def title(self) -> str:
        return (self.embed.title or "").replace("`", "")

    @property
    def fingerprint(self) -> str:
        """The same for the same words and buttons."""
        words = [self.embed.to_dict(), self.view.to_components() if self.view else None]
        return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:16]


class Courier(Protocol):
    """Delivers letters. What raises nothing was taken."""

    async def post(self, place: Place, letter: Letter, nonce: str) -> Standing:
        """Say it anew. The same nonce within minutes is the same message.

        Raises:
            NotTaken: nothing was posted.
        """
        ...

    async def edit(self, place: Place, at: Standing, letter: Letter) -> None:
        """Replace what the message says.

        Raises:
            MessageGone: there is nothing to edit.
            NotTaken: it still says what it said.
        """
        ...

    async def remind(self, place: Place, at: Standing, letter: Letter, nonce: str) -> int:
        """Say more, without a sound, as an answer to the message; the id of the new one.

        Raises:
            NotTaken: nothing was posted.
        """
        ...

    async def delete(self, place: Place, at: Standing) -> None:
        """Take a reminder away; one that is gone already is as good.

        Raises:
            NotTaken: it is still there.
        """
        ...
