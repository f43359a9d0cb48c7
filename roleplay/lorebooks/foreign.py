"""Lorebooks of other programs, with SillyTavern's names.

Sources: the shapes that SillyTavern's own import takes, of Agnai's memory books, RisuAI's lorebook
exports and NovelAI's `.lorebook` files.
"""

from collections.abc import Callable, Mapping
from typing import Any

from roleplay.lorebooks.values import Values
from roleplay.untrusted import list_in, mapping_in

Convert = Callable[[Mapping[str, Any]], dict[str, Any]]


def as_tavern(data: Mapping[str, Any], where: str, notes: list[str]) -> Mapping[str, Any]:
    """The same book; one that has these names already is not touched.

    Raises:
        LorebookError: its entries are no list of objects.
    """
    found = _kind(data)
    if found is None:
        return data
    key, convert = found
    top = Values(data, where, notes)
    entries = list_in(data.get(key))
    if entries is None:
        top.wrong(key, data.get(key), "a list")
    book = {name: data[name] for name in ("name", "description") if name in data}
    return book | {
        "entries": [_converted(top, key, at, each, convert) for at, each in enumerate(entries)]
    }


def _kind(data: Mapping[str, Any]) -> tuple[str, Convert] | None:
    if "lorebookVersion" in data:
        return "entries", _novel
    if data.get("kind") == "memory":
        return "entries", _agnai
    if data.get("type") == "risu":
        return "data", _risu
    return None


def _converted(top: Values, key: str, at: int, value: object, convert: Convert) -> dict[str, Any]:
    entry = mapping_in(value)
    if entry is None:
        top.wrong(f"{key}[{at}]", value, "an object")
    return convert(entry)


def _agnai(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": entry.get("keywords"),
        "comment": entry.get("name"),
        "content": entry.get("entry"),
        "order": entry.get("weight"),
        "enabled": entry.get("enabled"),
        "selective": False,
    }


def _risu(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": entry.get("key"),
        "keysecondary": entry.get("secondkey"),
        "comment": entry.get("comment"),
        "content": entry.get("content"),
        "constant": entry.get("alwaysActive"),
        "selective": entry.get("selective") or False,
        "order": entry.get("insertorder"),
        "probability": entry.get("activationPercent"),
    }


def _novel(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Its order is a priority of the budget."""
    config = mapping_in(entry.get("contextConfig")) or {}
    return {
        "key": entry.get("keys"),
        "comment": entry.get("displayName"),
        "content": entry.get("text"),
        "order": config.get("budgetPriority", 0),
        "enabled": entry.get("enabled"),
        "constant": entry.get("forceActivation"),
        "selective": False,
    }
