"""Who changed which setting: the person that acts, and what is kept of a change."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

ACTOR: ContextVar[int | None] = ContextVar("ACTOR", default=None)
"""The Discord user for whom the current task works; None: nobody, so nothing is noted."""

KEPT_SECONDS = 180 * 86400.0

Facts = Mapping[str, Any]

UNDOABLE = ("channel", "server", "limit", "characters")
"""Actions that can be taken back."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting, changed by one person. `before` None: it was not there; `after`: it is gone.

    `guild_id` 0 is what belongs to all servers. `target` is an id or a name. `at` is seconds since
    1970.
    """

    id: int
    at: float
    guild_id: int
    actor_id: int
    action: str
    target: str
    before: Facts | None
    after: Facts | None
    undone: bool = False

    @property
    def undoable(self) -> bool:
        return self.action in UNDOABLE and not self.undone


def differences(change: Change) -> list[tuple[str, Any, Any]]:
    """The facts that are not the same before and after; None: not there, or not decided."""
    before, after = change.before or {}, change.after or {}
    names = dict.fromkeys((*before, *after))
    found = [(name, before.get(name), after.get(name)) for name in names]
    return [each for each in found if each[1] != each[2]]
