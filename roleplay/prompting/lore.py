"""What of the lorebooks goes into one prompt, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roleplay.chat import Role


@dataclass(frozen=True, slots=True)
class DepthText:
    """A text among the history, `depth` messages before its end."""

    text: str
    depth: int = 4
    role: Role = "system"


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of a lorebook, and why it is in the prompt or is not.

    `where` is its position in words, "" for one that is left out.
    """

    book: str
    entry: str
    reason: str
    where: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Lore:
    """The texts of the entries that are in, by position, macros not replaced.

    Within a position they are in the prompt's order. `note_top` and `note_bottom` stand around the
    author's note, `examples_top` and `examples_bottom` around the example dialogues; `outlets` by
    name, for `{{outlet::name}}`.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    note_top: tuple[str, ...] = ()
    note_bottom: tuple[str, ...] = ()
    examples_top: tuple[str, ...] = ()
    examples_bottom: tuple[str, ...] = ()
    at_depth: tuple[DepthText, ...] = ()
    outlets: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    fired: tuple[Match, ...] = ()
    skipped: tuple[Match, ...] = ()
