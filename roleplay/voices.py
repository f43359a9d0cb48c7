"""Under which name and picture a character speaks."""

import re
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from roleplay.sanitise import SPACE
from roleplay.scene import Character

LONGEST_NAME = 80
"""Of a webhook's message, in UTF-16 units: Discord counts those."""

FORBIDDEN = re.compile(r"(?i)(?<=clyd)(?=e)|(?<=discor)(?=d)")
"""Where words are parted that Discord refuses inside a webhook's name."""

HAIR_SPACE = "\u200a"
INVISIBLE = "\u17b5"
"""Counts as a letter: Discord refuses names of a single character."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`avatar` is the address of a public picture, "" for none."""

    name: str
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """What a channel, and the threads in it, are spoken to through. No `token`: it is gone."""

    id: int
    channel_id: int
    guild_id: int | None
    token: SecretStr | None


@dataclass(frozen=True, slots=True)
class Said:
    """How a message with a voice was sent: by a webhook, or by the bot below a `heading`."""

    discord_id: int
    guild_id: int | None
    webhook_id: int | None
    heading: str = ""


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


def webhook_name(name: str) -> str:
    """The name as Discord takes it from a webhook: looks the same where that is possible."""
    printable = "".join(char for char in SPACE.sub(" ", name) if char.isprintable())
    parted = FORBIDDEN.sub(HAIR_SPACE, printable.replace("@", "\uff20").strip())
    while len(parted.encode("utf-16-le")) > 2 * LONGEST_NAME:
        parted = parted[:-1]
    return parted.strip() + INVISIBLE * max(0, 2 - len(parted.strip()))
