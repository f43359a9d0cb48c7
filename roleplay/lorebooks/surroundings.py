"""What a scan looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roleplay.lorebooks.book import Source

Trigger = Literal["normal", "continue", "impersonate", "swipe", "regenerate", "quiet"]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the chat; `name` is who wrote it."""

    text: str
    name: str = ""
    by_character: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A chat at the moment of a reply.

    `lines` are its messages, the newest first. `injected` are prompts that are scanned too, such
    as the author's note, whatever the depth. `character` is the name that filters compare, `tags`
    those of its card. `chat_length` counts all messages of the chat and may be larger than
    `lines`; `replies` are the character's among them. Either None: as many as there are lines.
    `greeting` is which greeting began the chat, 0 the first, None where it is not known.
    """

    lines: Sequence[Line] = ()
    injected: Sequence[str] = ()
    sources: Mapping[Source, str] = field(default_factory=dict[Source, str])
    character: str = ""
    tags: frozenset[str] = frozenset()
    trigger: Trigger = "normal"
    chat_length: int | None = None
    replies: int | None = None
    greeting: int | None = None

    @property
    def length(self) -> int:
        return len(self.lines) if self.chat_length is None else self.chat_length

    @property
    def spoken(self) -> int:
        """How often the character has spoken."""
        said = sum(line.by_character for line in self.lines)
        return said if self.replies is None else self.replies
