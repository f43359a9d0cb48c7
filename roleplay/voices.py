"""Under which name and picture a character speaks."""

from dataclasses import dataclass
from typing import Protocol

from roleplay.scene import Character


@dataclass(frozen=True, slots=True)
class Voice:
    """`avatar` is the address of a public picture, "" for none."""

    name: str
    avatar: str = ""


class Voices(Protocol):
    """Gives characters their voices. Never raises: what fails costs the picture, not the reply."""

    async def of(self, character: Character) -> Voice | None:
        """None: the character is the bot itself and speaks under the bot's own name."""
        ...


class OwnVoice:
    """Everyone speaks as the bot."""

    async def of(self, character: Character) -> Voice | None:
        del character
        return None
