"""An entry as the fields of a form, and back."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roleplay.errors import LorebookError
from roleplay.lorebooks.book import LoreEntry
from roleplay.lorebooks.entries import read_entry
from roleplay.lorebooks.write import world_entry_of
from roleplay.phrases import say
from roleplay.untrusted import mapping_in

OWN = ("uid", "key", "keysecondary", "comment", "content")
"""What has a field of its own, or none."""

KEY = re.compile(r"\s*(/(?:\\.|[^/\\])+/[gimsuy]*|[^,]+)\s*(?:,|$)")
"""One key of several with commas between them; a pattern may hold commas itself."""

LONGEST = 4000
"""Discord's own limit of a field, in characters."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Text as it stands in the form. `content` None: too long for a form, and kept as it is.

    `further` is a JSON object with SillyTavern's names.
    """

    title: str = ""
    keys: str = ""
    secondary: str = ""
    content: str | None = ""
    further: str = ""


def fields_of(entry: LoreEntry) -> Fields:
    """Further fields only where they differ from a new entry's.

    Raises:
        LorebookError: something but the text is too long for a form.
    """
    usual = world_entry_of(LoreEntry(entry.uid))
    whole = world_entry_of(entry)
    rest = {key: value for key, value in whole.items() if _differs(key, value, usual)}
    found = Fields(
        entry.comment,
        ", ".join(entry.keys),
        ", ".join(entry.secondary_keys),
        entry.content if len(entry.content) <= LONGEST else None,
        json.dumps(rest, ensure_ascii=False) if rest else "",
    )
    if max(map(len, (found.title, found.keys, found.secondary, found.further))) > LONGEST:
        raise LorebookError(
            say("“{entry}” is too long for a form.", entry=entry.title),
            hint=say("Export the lorebook, change the file, and import it with replace."),
        )
    return found


def entry_of(fields: Fields, before: LoreEntry) -> LoreEntry:
    """The entry that the fields describe; what has no field is as a new entry has it.

    Raises:
        LorebookError: the further fields are no JSON object, or one has a wrong type.
    """
    further = _further(fields.further)
    written = {
        "key": list(_keys(fields.keys)),
        "keysecondary": list(_keys(fields.secondary)),
        "comment": fields.title.strip(),
        "content": before.content if fields.content is None else fields.content.strip(),
    }
    usual = world_entry_of(LoreEntry(before.uid))
    notes: list[str] = []
    entry = read_entry({**usual, **further, **written}, before.uid, say("further fields"), notes)
    if notes:
        raise LorebookError(notes[0], hint=_example())
    return entry


def _differs(key: str, value: object, usual: Mapping[str, Any]) -> bool:
    return key not in OWN and (key not in usual or usual[key] != value)


def _keys(text: str) -> Iterable[str]:
    return (found[1].strip() for found in KEY.finditer(text.strip()) if found[1].strip())


def _further(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        found = mapping_in(json.loads(text))
    except (ValueError, RecursionError):
        found = None
    if found is None:
        raise LorebookError(say("The further fields are no JSON object."), hint=_example())
    return found


def _example() -> str:
    return say("An example: {example}", example='{"order": 50, "position": 4, "depth": 2}')
