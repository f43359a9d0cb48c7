"""Who the people of a story are in it: a name and a description that their writer chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from roleplay.transcript import StoredMessage


@dataclass(frozen=True, slots=True)
class Persona:
    """Belongs to the Discord user `user_id`, who may use it in any server. `avatar`: an address."""

    id: int
    user_id: int
    name: str
    description: str = ""
    avatar: str = ""


class Personas(Protocol):
    """Which persona each person wears where. Raises `StorageError`."""

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        """That chosen for the channel, else for the thread's parent, else the person's default."""
        ...


class Faces:
    """Nobody wears a persona."""

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        del user_id, channel_id, parent_id
        return None


async def present(
    personas: Personas, history: Sequence[StoredMessage], parent_id: int | None = None
) -> tuple[Persona, ...]:
    """The personas of all who wrote in the history, the newest writer's first."""
    written = [message for message in reversed(history) if message.role == "user"]
    writers = dict.fromkeys((message.author_id, message.channel_id) for message in written)
    worn = [await personas.worn(user, channel, parent_id) for user, channel in writers]
    return tuple(persona for persona in worn if persona)
