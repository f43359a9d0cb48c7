"""What a character says first: it stands on its card."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from roleplay.chat import Delta, StreamEvent
from roleplay.ports import Clock
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.values import Values
from roleplay.scene import Character, Scene

EVERYONE = "everyone"
"""Who `{{user}}` is in a greeting that nobody with a known name asked for."""


class Greetings(Protocol):
    """The words a scene may begin with."""

    def of(self, scene: Scene, character: Character, user: str = "") -> tuple[str, ...]:
        """Ready to be said, the card's first message first; none where the card has none.

        `user` is who asked for it, "" where no name is known.
        """
        ...


class CardGreetings:
    """The card's own, macros replaced; those for groups only where several characters are.

    `zone` is where the people live, None: where this machine is.
    """

    def __init__(self, clock: Clock, zone: Callable[[], tzinfo | None] = lambda: None) -> None:
        self._clock = clock
        self._zone = zone

    def of(self, scene: Scene, character: Character, user: str = "") -> tuple[str, ...]:
        cast = scene.cast or (character,)
        now = datetime.fromtimestamp(self._clock.now(), UTC).astimezone(self._zone())
        here = Ingredients(scene, character, (), cast=cast, user=user or EVERYONE, now=now)
        values, card = Values(here), character.card
        grouped = card.group_only_greetings if here.in_group else ()
        texts = (card.first_mes, *card.alternate_greetings, *grouped)
        return tuple(filter(None, (values.expand(text) for text in texts)))


async def recited(text: str) -> AsyncIterator[StreamEvent]:
    """Words that are known, as a stream like a model's."""
    yield Delta(text, finish_reason="stop")
