"""One entry out of a file, whichever names it uses."""

from collections.abc import Mapping
from typing import Any, TypeVar

from roleplay.chat import Role
from roleplay.lorebooks.book import (
    CharacterFilter,
    Logic,
    LoreEntry,
    Position,
    Source,
)
from roleplay.lorebooks.names import EXTENSIONS, KNOWN
from roleplay.lorebooks.values import Values

T = TypeVar("T")

ROLES: tuple[Role, ...] = ("system", "user", "assistant")
"""By SillyTavern's codes."""


def read_entry(data: Mapping[str, Any], uid: int, place: str, notes: list[str]) -> LoreEntry:
    """An entry of SillyTavern's world info or of a V2 or V3 book.

    Raises:
        LorebookError: a value has a wrong type.
    """
    top = Values(data, place, notes)
    extensions = top.mapping("extensions")
    more = Values({**_from_extensions(extensions), **data}, place, notes)
    of_a_card = "keys" in data
    return LoreEntry(
        uid,
        keys=top.texts("keys", "key"),
        secondary_keys=top.texts("secondary_keys", "keysecondary"),
        content=top.text("content"),
        comment=top.text("comment"),
        enabled=_enabled(top),
        constant=top.flag("constant") or False,
        selective=_or(top.flag("selective"), not of_a_card),
        order=_or(top.number("insertion_order", "order"), 100),
        case_sensitive=more.flag("caseSensitive", "case_sensitive"),
        use_regex=top.flag("use_regex") or False,
        display_index=more.count("displayIndex"),
        vectorized=more.flag("vectorized") or False,
        automation_id=more.text("automationId"),
        triggers=more.texts("triggers"),
        characters=_filter(Values(more.mapping("characterFilter"), place, notes)),
        sources=frozenset(source for source in Source if more.flag(source)),
        **_placement(more, of_a_card=of_a_card),
        **_conditions(more),
        extra={key: value for key, value in data.items() if key not in KNOWN},
        extensions={
            key: value for key, value in extensions.items() if key not in EXTENSIONS.values()
        },
    )


def _from_extensions(extensions: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: extensions[name]
        for key, name in EXTENSIONS.items()
        if extensions.get(name) is not None
    }


def _enabled(top: Values) -> bool:
    if (enabled := top.flag("enabled")) is not None:
        return enabled
    return not top.flag("disable")


def _placement(more: Values, *, of_a_card: bool) -> dict[str, Any]:
    usual = Position.AFTER_CHARACTER if of_a_card else Position.BEFORE_CHARACTER
    return {
        "position": _position(more, usual),
        "depth": _or(more.count("depth"), 4),
        "role": _role(more),
        "outlet": more.text("outletName"),
    }


def _position(more: Values, usual: Position) -> Position:
    """A card has it as one of two words, and SillyTavern's code in the extensions."""
    words = {"before_char": Position.BEFORE_CHARACTER, "after_char": Position.AFTER_CHARACTER}
    value = more.data.get("position")
    if isinstance(value, str) and value in words:
        extended = more.mapping("extensions").get("position")
        inner = Values({"position": extended}, more.place, more.notes)
        code = inner.code(max(Position), "position")
        return words[value] if code is None else Position(code)
    return Position(_or(more.code(max(Position), "position"), usual))


def _role(more: Values) -> Role:
    value = more.data.get("role")
    named: Role | None = next((role for role in ROLES if role == value), None)
    return named or ROLES[more.code(len(ROLES) - 1, "role") or 0]


def _conditions(more: Values) -> dict[str, Any]:
    return {
        "logic": Logic(more.code(max(Logic), "selectiveLogic") or 0),
        "scan_depth": more.count("scanDepth"),
        "whole_words": more.flag("matchWholeWords"),
        "probability": _or(more.number("probability"), 100),
        "use_probability": _or(more.flag("useProbability"), True),
        "group": more.text("group"),
        "group_override": more.flag("groupOverride") or False,
        "group_weight": _or(more.number("groupWeight"), 100),
        "group_scoring": more.flag("useGroupScoring"),
        "exclude_recursion": more.flag("excludeRecursion") or False,
        "prevent_recursion": more.flag("preventRecursion") or False,
        "delay_until_recursion": _level(more),
        "sticky": more.count("sticky") or 0,
        "cooldown": more.count("cooldown") or 0,
        "delay": more.count("delay") or 0,
        "ignore_budget": more.flag("ignoreBudget") or False,
    }


def _level(more: Values) -> int:
    """Once it was yes or no."""
    value = more.data.get("delayUntilRecursion")
    return int(value) if isinstance(value, bool) else more.count("delayUntilRecursion") or 0


def _filter(found: Values) -> CharacterFilter:
    return CharacterFilter(
        found.texts("names"), found.texts("tags"), found.flag("isExclude") or False
    )


def _or(value: T | None, usual: T) -> T:
    return usual if value is None else value
