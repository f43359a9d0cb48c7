"""The author's note: what the story should be reminded of, over and over."""

from dataclasses import dataclass
from typing import Literal

from roleplay.chat import Role

NotePlace = Literal["chat", "before", "after"]
"""chat: among the history, by depth. before, after: around the main prompt."""

MOST_DEPTH = 1000
MOST_INTERVAL = 1000


@dataclass(frozen=True, slots=True)
class AuthorsNote:
    """`depth` counts messages from the end of the history.

    `interval`: with every Nth message that a person writes; 0: never.
    """

    text: str
    depth: int = 4
    interval: int = 1
    role: Role = "system"
    place: NotePlace = "chat"

    def due(self, written: int) -> bool:
        """`written` is how many messages people have written so far."""
        return self.interval > 0 and written > 0 and written % self.interval == 0
