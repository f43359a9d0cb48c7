"""Texts that have their place among the history, and those of the lorebooks."""

from collections.abc import Mapping
from dataclasses import dataclass

from roleplay.chat import Role
from roleplay.lorebooks.book import Position
from roleplay.lorebooks.result import ScanResult


@dataclass(frozen=True, slots=True)
class DepthText:
    """A text among the history, `depth` messages before its end."""

    text: str
    depth: int = 4
    role: Role = "system"


def lore_at(lore: ScanResult, position: Position, *, spare: bool = False) -> str:
    """The entries at one position as one text; `spare` ones leave first when room is short."""
    found = [each.content for each in lore.at(position) if each.ignores_full is spare]
    return "\n".join(text for text in found if text)


def outlets(lore: ScanResult) -> Mapping[str, str]:
    """By name, for `{{outlet::name}}`."""
    named: dict[str, list[str]] = {}
    for each in lore.at(Position.OUTLET):
        named.setdefault(each.outlet, []).append(each.content)
    return {name: "\n".join(texts) for name, texts in named.items()}
