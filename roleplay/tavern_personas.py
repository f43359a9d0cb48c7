"""SillyTavern's backup of personas, as its persona management writes it."""

import json
from collections.abc import Mapping
from typing import Any, cast

from roleplay.errors import PersonaError
from roleplay.phrases import say


def read_personas(data: bytes) -> dict[str, str]:
    """Names to descriptions. A persona without a name is left out.

    Raises:
        PersonaError: it is no such backup.
    """
    try:
        backup: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unreadable(say("The file is no JSON: {why}", why=error)) from error
    names = _table(backup, "personas")
    descriptions = _table(backup, "persona_descriptions")
    return {
        str(name).strip(): _description(descriptions.get(avatar))
        for avatar, name in names.items()
        if str(name).strip()
    }


def _table(backup: Any, key: str) -> Mapping[str, Any]:
    found: Any = cast("dict[str, Any]", backup).get(key) if isinstance(backup, dict) else None
    if not isinstance(found, dict):
        raise _unreadable(say("The file has no “{key}”.", key=key))
    return cast("dict[str, Any]", found)


def _description(entry: Any) -> str:
    text: Any = cast("dict[str, Any]", entry).get("description") if isinstance(entry, dict) else ""
    return text if isinstance(text, str) else ""


def _unreadable(what: str) -> PersonaError:
    return PersonaError(
        what, hint=say("Use the file that SillyTavern's Persona Management makes with Backup.")
    )
