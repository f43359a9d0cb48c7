"""A whole conversation, as it is carried between programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message. `said_at` is seconds since 1970, None where the file does not tell.

    `swipes` are the texts that a reply has had, `swipe` the one that stands, from 0; a message
    without any has none. `hidden`: the model is not to see it. `data` is the object it was read
    from, unknown fields included; empty for one that was never in a file.
    """

    name: str
    text: str
    is_user: bool
    hidden: bool = False
    said_at: float | None = None
    swipes: tuple[str, ...] = ()
    swipe: int = 0
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Chat:
    """`user` and `character` are the names that the file gives; `header` is its first object."""

    lines: tuple[ChatLine, ...]
    user: str = ""
    character: str = ""
    title: str = ""
    header: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def names(self) -> tuple[str, ...]:
        """Everyone who speaks, in the order of their first words."""
        return tuple(dict.fromkeys(line.name for line in self.lines))

    @property
    def characters(self) -> tuple[str, ...]:
        """Those of them who are no people."""
        spoken = (line.name for line in self.lines if not line.is_user and not line.hidden)
        return tuple(dict.fromkeys(spoken))
