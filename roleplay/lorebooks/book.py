"""A lorebook as its file has it, whichever program wrote that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from roleplay.chat import Role

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Logic(IntEnum):
    """What the secondary keys decide, by SillyTavern's `selectiveLogic` codes."""

    AND_ANY = 0
    NOT_ALL = 1
    NOT_ANY = 2
    AND_ALL = 3


class Position(IntEnum):
    """Where in the prompt an entry goes, by SillyTavern's `position` codes."""

    BEFORE_CHARACTER = 0
    AFTER_CHARACTER = 1
    NOTE_TOP = 2
    NOTE_BOTTOM = 3
    AT_DEPTH = 4
    EXAMPLES_TOP = 5
    EXAMPLES_BOTTOM = 6
    OUTLET = 7


class Source(StrEnum):
    """What an entry may look for its keys in beside the chat, by SillyTavern's names."""

    PERSONA_DESCRIPTION = "matchPersonaDescription"
    CHARACTER_DESCRIPTION = "matchCharacterDescription"
    CHARACTER_PERSONALITY = "matchCharacterPersonality"
    CHARACTER_DEPTH_PROMPT = "matchCharacterDepthPrompt"
    SCENARIO = "matchScenario"
    CREATOR_NOTES = "matchCreatorNotes"


@dataclass(frozen=True, slots=True)
class CharacterFilter:
    """For whom an entry counts: whose name and whose tags are listed, or (`exclude`) are not."""

    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class LoreEntry:
    """One text and when it joins. None stands for "as the settings have it".

    `content` still has its V3 decorators. `delay_until_recursion` is a level from 1, 0: not
    delayed. `sticky`, `cooldown` and `delay` count messages, 0: none. `probability` is 0..100.
    `extra` are fields of the file that mean nothing here, `extensions` those of its `extensions`.
    """

    uid: int
    keys: tuple[str, ...] = ()
    secondary_keys: tuple[str, ...] = ()
    content: str = ""
    comment: str = ""
    enabled: bool = True
    constant: bool = False
    selective: bool = True
    logic: Logic = Logic.AND_ANY
    order: float = 100
    position: Position = Position.BEFORE_CHARACTER
    depth: int = 4
    role: Role = "system"
    outlet: str = ""
    scan_depth: int | None = None
    case_sensitive: bool | None = None
    whole_words: bool | None = None
    use_regex: bool = False
    sources: frozenset[Source] = frozenset()
    probability: float = 100
    use_probability: bool = True
    group: str = ""
    group_override: bool = False
    group_weight: float = 100
    group_scoring: bool | None = None
    exclude_recursion: bool = False
    prevent_recursion: bool = False
    delay_until_recursion: int = 0
    sticky: int = 0
    cooldown: int = 0
    delay: int = 0
    ignore_budget: bool = False
    triggers: tuple[str, ...] = ()
    characters: CharacterFilter = CharacterFilter()
    vectorized: bool = False
    automation_id: str = ""
    display_index: int | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)
    extensions: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)

    @property
    def title(self) -> str:
        """What people know the entry by."""
        name = self.extra.get("name")
        named = self.comment or (name if isinstance(name, str) else "") or ", ".join(self.keys[:3])
        return " ".join(named.split())[:100] or f"#{self.uid}"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Lorebook:
    """`scan_depth`, `token_budget` and `recursive` are kept for an export.

    Like SillyTavern we scan by our own settings, not by these. `extra` and `extensions` as in an
    entry.
    """

    name: str
    entries: tuple[LoreEntry, ...] = ()
    description: str = ""
    scan_depth: int | None = None
    token_budget: int | None = None
    recursive: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)
    extensions: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)

    def entry(self, uid: int) -> LoreEntry | None:
        return next((entry for entry in self.entries if entry.uid == uid), None)
