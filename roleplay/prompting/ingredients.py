"""What a prompt is made of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from roleplay.scene import Character, Scene
from roleplay.transcript import StoredMessage, Turn

TurnKind = Literal["reply", "continue", "impersonate"]
"""reply: the speaker's next message. continue: more of the last message, which is the speaker's.
impersonate: the next message of the person who spoke last."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """All that one turn's prompt needs, read beforehand: `build` is pure.

    `speaker` is the character that answers, `cast` are all characters of the scene, the speaker
    too. `history` is oldest first. `turn` is None for a prompt that is only shown.
    """

    scene: Scene
    speaker: Character
    history: Sequence[StoredMessage]
    turn: Turn | None = None
    kind: TurnKind = "reply"
    cast: tuple[Character, ...] = ()
    summary: str = ""
    memories: str = ""


Contributor = Callable[[Ingredients], Awaitable[Ingredients]]
"""Adds what it knows: `replace(ingredients, memories=...)`. Raises `StorageError`."""
