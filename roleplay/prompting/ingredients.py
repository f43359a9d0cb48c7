"""What a prompt is made of."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from roleplay.lorebooks.result import ScanResult
from roleplay.personas import Persona
from roleplay.presets.story import Story
from roleplay.prompting.instructions import Instructions
from roleplay.prompting.note import AuthorsNote
from roleplay.prompting.placed import DepthText
from roleplay.sampler import Sampler
from roleplay.scene import Character, Scene
from roleplay.transcript import StoredMessage, Turn

Wanted = Literal["reply", "impersonation"]
"""reply: the speaker's message. impersonation: the next one of the person who is answered."""

SOMEBODY = "User"
"""Who `{{user}}` is where nobody has written yet."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the profile that will be asked first. `window` and `reply` in tokens.

    `text`: it is sent one text, by a template of ours.
    """

    model: str = ""
    window: int = 0
    reply: int = 0
    text: bool = False


def _beginning() -> datetime:
    return datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Ingredients:
    """All that one turn's prompt needs, read beforehand: `build` is pure.

    `speaker` is the character that answers, `cast` are all characters of the scene, the speaker
    too; with `joined` the cards of all are in the prompt. `history` is oldest first, `older` says
    that there is more of it than was read, `written` is how many messages people wrote in all.
    `user` is the person that is answered, "" for who wrote last. `turn` is None for a prompt that
    is only shown. `summary` is of what came before the history, `memories` are moments recalled for
    this turn. `now` has the time zone that people here live by. `story` lays out what stands before
    the history where the profile is sent one text; what `sampler` sets counts before the profile's.
    """

    scene: Scene
    speaker: Character
    history: Sequence[StoredMessage]
    turn: Turn | None = None
    wanted: Wanted = "reply"
    cast: tuple[Character, ...] = ()
    joined: bool = False
    user: str = ""
    instructions: Instructions = field(default_factory=Instructions)
    note: AuthorsNote | None = None
    lore: ScanResult = field(default_factory=ScanResult)
    summary: str = ""
    memories: DepthText | None = None
    older: bool = False
    written: int = 0
    facts: Facts = field(default_factory=Facts)
    now: datetime = field(default_factory=_beginning)
    rng: random.Random = field(default_factory=random.Random)
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    story: Story | None = None
    sampler: Sampler | None = None

    @property
    def in_group(self) -> bool:
        return len(self.cast) > 1

    @property
    def goes_on(self) -> bool:
        """More is wanted of a reply that was begun; it is put to the end of the prompt."""
        return self.turn is not None and self.turn.continues

    @property
    def others(self) -> tuple[Character, ...]:
        """The characters that do not speak now."""
        return tuple(each for each in self.cast if each.name != self.speaker.name)

    @property
    def answered(self) -> str:
        """The name of the person that is answered."""
        written = (one.author_name for one in reversed(self.history) if one.role == "user")
        return self.user or next(written, SOMEBODY)

    @property
    def persona(self) -> Persona | None:
        """That of the person who is answered."""
        return next((one for one in self.scene.personas if one.name == self.answered), None)


Contributor = Callable[[Ingredients], Awaitable[Ingredients]]
"""Adds what it knows: `replace(ingredients, summary=...)`. Raises `StorageError`."""
