"""Who the people of a story are in it: a name and a description that their writer chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from roleplay.transcript import StoredMessage


@dataclass(frozen=True, slots=True)
class Persona:
    """Belongs to the Discord user `user_id`, who may use it in any server."""

    id: int
    user_id: int
    name: str
    description: str = ""
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """One person's personas, by name, and the id of the one worn where nothing else is chosen."""

    personas: tuple[Persona, ...] = ()
    default: int | None = None

    def named(self, name: str) -> Persona | None:
        """Whatever the case it is written in."""
        wanted = name.casefold()
        return next((one for one in self.personas if one.name.casefold() == wanted), None)

    def by_id(self, persona_id: int | None) -> Persona | None:
        return next((one for one in self.personas if one.id == persona_id), None)


class Personas(Protocol):
    """Which persona each person wears where. Raises `StorageError`."""

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        """That chosen for the channel, else for the thread's parent, else the person's default."""
        ...

    async def wardrobe(self, user_id: int) -> Wardrobe: ...


class Faces:
    """Nobody wears a persona."""

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        del user_id, channel_id, parent_id
        return None

    async def wardrobe(self, user_id: int) -> Wardrobe:
        del user_id
        return Wardrobe()


async def present(personas: Personas, history: Sequence[StoredMessage]) -> tuple[Persona, ...]:
    """The personas as whom people wrote in the history, the newest writer's first.

    Who wrote as two is present as both.
    """
    written = [message for message in reversed(history) if message.role == "user"]
    faces = dict.fromkeys((message.author_id, message.author_name) for message in written)
    found = [(await personas.wardrobe(user)).named(name) for user, name in faces]
    return tuple(persona for persona in found if persona)
