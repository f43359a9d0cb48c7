"""A character card, whatever kind of file it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from roleplay.chat import Role
from roleplay.lorebooks.book import Lorebook


@dataclass(frozen=True, slots=True)
class DepthPrompt:
    """The character's own note: `depth` counts messages from the end of the history."""

    text: str
    depth: int = 4
    role: Role = "system"


@dataclass(frozen=True, slots=True)
class Card:
    """The fields of a V3 card (chara_card_v3) as the card has them, macros not replaced.

    `talkativeness` (0..1) and `depth_prompt` are where SillyTavern keeps them: in the extensions.
    `data` is the card's whole `data` object in the form of V3, unknown fields included, and `outer`
    what stood beside it in the file: both go back into an export. A card that was made without a
    file has neither; `roleplay.characters.fields.card_of` makes a card from its `data`.
    """

    name: str
    nickname: str = ""
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_mes: str = ""
    mes_example: str = ""
    creator_notes: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    alternate_greetings: tuple[str, ...] = ()
    group_only_greetings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    creator: str = ""
    character_version: str = ""
    talkativeness: float = 0.5
    depth_prompt: DepthPrompt | None = None
    book: Lorebook | None = field(default=None, hash=False, repr=False)
    data: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False, repr=False)
    outer: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False, repr=False)

    @property
    def char(self) -> str:
        """What `{{char}}` stands for."""
        return self.nickname or self.name
