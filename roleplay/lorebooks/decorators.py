"""V3's `@@decorators`: lines at the beginning of an entry that say when and where it counts.

Source: SPEC_V3 (kwaroran). Those for chats without messages (`@@instruct_…`) and for what there is
not here (`@@is_user_icon`, `@@disable_ui_prompt`) are unknown, so their fallbacks count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from roleplay.chat import Role
from roleplay.lorebooks.book import Position

POSITIONS = {
    "before_desc": Position.BEFORE_CHARACTER,
    "after_desc": Position.AFTER_CHARACTER,
}

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Decorators:
    """Fields as in V3; None, False and () where there is no such decorator."""

    activate: bool = False
    dont_activate: bool = False
    activate_only_after: int | None = None
    activate_only_every: int | None = None
    keep_activate_after_match: bool = False
    dont_activate_after_match: bool = False
    is_greeting: int | None = None
    additional_keys: tuple[str, ...] = ()
    exclude_keys: tuple[str, ...] = ()
    depth: int | None = None
    reverse_depth: int | None = None
    scan_depth: int | None = None
    role: Role | None = None
    position: Position | None = None
    ignore_on_max_context: bool = False

    @property
    def remembers(self) -> bool:
        """Whether it matters that the entry fired before."""
        return self.keep_activate_after_match or self.dont_activate_after_match


NONE = Decorators()


def decorated(content: str) -> tuple[Decorators, str]:
    """The decorators of an entry's text, and the text without them."""
    if not content.startswith("@@"):
        return NONE, content
    lines = content.split("\n")
    end = next((at for at, line in enumerate(lines) if not line.startswith("@@")), len(lines))
    return Decorators(**_read(lines[:end])), "\n".join(lines[end:]).strip("\n")


def _read(lines: list[str]) -> dict[str, Any]:
    """A line with three @ counts where the one before it did not; of a name the first counts."""
    found: dict[str, Any] = {}
    counted = True
    for line in lines:
        if line.startswith("@@@") and counted:
            continue
        name, _, written = line.lstrip("@").strip().partition(" ")
        value = _value(name, written.strip())
        counted = value is not None
        if counted:
            found.setdefault(name, value)
    return found


def _value(name: str, written: str) -> object:
    """None: it is unknown, or its value makes no sense."""
    read = READERS.get(name)
    return read(written) if read else None


def _yes(written: str) -> bool | None:
    return None if written.lower() == "false" else True


def _count(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 8 else None


def _from_one(written: str) -> int | None:
    return _count(written) or None


def _texts(written: str) -> tuple[str, ...] | None:
    return tuple(each.strip() for each in written.split(",") if each.strip()) or None


READERS: Mapping[str, Callable[[str], object]] = {
    "activate": _yes,
    "dont_activate": _yes,
    "activate_only_after": _count,
    "activate_only_every": _from_one,
    "keep_activate_after_match": _yes,
    "dont_activate_after_match": _yes,
    "is_greeting": _count,
    "additional_keys": _texts,
    "exclude_keys": _texts,
    "depth": _count,
    "reverse_depth": _count,
    "scan_depth": _count,
    "role": lambda written: written if written in ROLES else None,
    "position": POSITIONS.get,
    "ignore_on_max_context": _yes,
}
