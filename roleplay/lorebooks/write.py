"""A lorebook as SillyTavern's world info, and as the book of a V2 or V3 card."""

from typing import Any

from roleplay.lorebooks.book import Lorebook, LoreEntry, Position, Source
from roleplay.lorebooks.entries import ROLES
from roleplay.lorebooks.names import EXTENSIONS, TAVERN


def world_of(book: Lorebook) -> dict[str, Any]:
    """SillyTavern's world info file."""
    return {
        **_head(book),
        "entries": {str(entry.uid): world_entry_of(entry) for entry in book.entries},
    }


def card_book_of(book: Lorebook) -> dict[str, Any]:
    """A V2 or V3 card's `character_book`, with SillyTavern's extras in the extensions."""
    return {
        **_head(book),
        "extensions": dict(book.extensions),
        "entries": [_of_card(entry) for entry in book.entries],
    }


def standalone_of(book: Lorebook) -> dict[str, Any]:
    """A V3 lorebook file."""
    return {"spec": "lorebook_v3", "data": card_book_of(book)}


def _head(book: Lorebook) -> dict[str, Any]:
    optional = {
        "description": book.description or None,
        "scan_depth": book.scan_depth,
        "token_budget": book.token_budget,
        "recursive_scanning": book.recursive,
        "extensions": dict(book.extensions) or None,
    }
    known = {key: value for key, value in optional.items() if value is not None}
    return {**book.extra, "name": book.name, **known}


def world_entry_of(entry: LoreEntry) -> dict[str, Any]:
    """As it stands in a world info file."""
    fields = {**_common(entry), **_tavern(entry)}
    inner = {"extensions": dict(entry.extensions)} if entry.extensions else {}
    return {**entry.extra, **fields, **inner}


def _of_card(entry: LoreEntry) -> dict[str, Any]:
    common = {TAVERN[key]: value for key, value in _common(entry).items()}
    common["enabled"] = entry.enabled
    if entry.case_sensitive is not None:
        common["case_sensitive"] = entry.case_sensitive
    before = entry.position == Position.BEFORE_CHARACTER
    extensions = {EXTENSIONS[key]: value for key, value in _tavern(entry).items()}
    return {
        **entry.extra,
        **common,
        "position": "before_char" if before else "after_char",
        "extensions": {**entry.extensions, **extensions},
    }


def _common(entry: LoreEntry) -> dict[str, Any]:
    return {
        "uid": entry.uid,
        "key": list(entry.keys),
        "keysecondary": list(entry.secondary_keys),
        "content": entry.content,
        "comment": entry.comment,
        "constant": entry.constant,
        "selective": entry.selective,
        "order": entry.order,
        "disable": not entry.enabled,
        "use_regex": entry.use_regex,
    }


def _tavern(entry: LoreEntry) -> dict[str, Any]:
    who = entry.characters
    return {
        "position": int(entry.position),
        "depth": entry.depth,
        "role": ROLES.index(entry.role),
        "outletName": entry.outlet,
        "scanDepth": entry.scan_depth,
        "caseSensitive": entry.case_sensitive,
        "matchWholeWords": entry.whole_words,
        "selectiveLogic": int(entry.logic),
        "probability": entry.probability,
        "useProbability": entry.use_probability,
        "group": entry.group,
        "groupOverride": entry.group_override,
        "groupWeight": entry.group_weight,
        "useGroupScoring": entry.group_scoring,
        "excludeRecursion": entry.exclude_recursion,
        "preventRecursion": entry.prevent_recursion,
        "delayUntilRecursion": entry.delay_until_recursion,
        "sticky": entry.sticky,
        "cooldown": entry.cooldown,
        "delay": entry.delay,
        "ignoreBudget": entry.ignore_budget,
        "triggers": list(entry.triggers),
        "vectorized": entry.vectorized,
        "automationId": entry.automation_id,
        "displayIndex": entry.display_index,
        "characterFilter": {
            "isExclude": who.exclude,
            "names": list(who.names),
            "tags": list(who.tags),
        },
        **{source.value: source in entry.sources for source in Source},
    }
