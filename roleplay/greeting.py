"""What a character says first: it stands on its card."""

from collections.abc import AsyncIterator
from typing import Protocol

from roleplay.chat import Delta, StreamEvent
from roleplay.macros.expand import Macros, expand
from roleplay.scene import Character, Scene


class Greetings(Protocol):
    """The words a scene may begin with. Raises `StorageError`."""

    async def of(self, scene: Scene, character: Character) -> tuple[str, ...]:
        """Ready to be said, the card's first message first; none where the card has none."""
        ...


class CardGreetings:
    """The card's own, with the names filled in."""

    async def of(self, scene: Scene, character: Character) -> tuple[str, ...]:
        user = scene.personas[0].name if scene.personas else "everyone"
        names: Macros = {"char": character.name, "user": user}
        card = character.card
        texts = (card.first_mes, *card.alternate_greetings)
        return tuple(expand(text, names).strip() for text in texts if text.strip())


async def recited(text: str) -> AsyncIterator[StreamEvent]:
    """Words that are known, as a stream like a model's."""
    yield Delta(text, finish_reason="stop")
