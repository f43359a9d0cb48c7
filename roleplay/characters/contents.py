"""What a character's file holds beside the card."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roleplay.characters.card import Card


@dataclass(frozen=True, slots=True)
class Contents:
    """`picture` is a PNG, JPEG or WebP without any card in it; `assets` are a CharX's other files.

    `notes` tell, a sentence each, what was cut, left out or is newer than this program.
    """

    card: Card
    picture: bytes | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)
    notes: tuple[str, ...] = ()
