"""A lorebook out of JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import Any

from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.entries import read_entry
from roleplay.lorebooks.foreign import as_tavern
from roleplay.lorebooks.names import BOOK_KNOWN
from roleplay.lorebooks.values import Values
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in, read_json

MOST_ENTRIES = 20_000

MOST_KEYS = 50_000
"""Of a whole book."""

LONGEST_NAME = 100


def read_file(data: bytes, where: str, notes: list[str] | None = None) -> Lorebook:
    """The book in a JSON file called `where`: a lorebook, or a character that has one.

    Raises:
        LorebookError: it is not JSON, no lorebook, or a value has a wrong type.
    """
    try:
        found = mapping_in(read_json(data))
    except ValueError as exc:
        raise LorebookError(
            say("{file} cannot be read: {why}.", file=where, why=exc), hint=_what()
        ) from exc
    if found is None:
        raise _none(where)
    return read_book(found, where, name=PurePath(where).stem, notes=notes)


def read_book(
    data: Mapping[str, Any], where: str, *, name: str = "", notes: list[str] | None = None
) -> Lorebook:
    """SillyTavern's world info, a book of a V2 or V3 card, a stand-alone V3 book, or another's.

    The others are Agnai, RisuAI and NovelAI. `where` begins every error, `name` is what a book
    without one is called; `notes` collects what had to be changed or cut.

    Raises:
        LorebookError: it is no lorebook, or a value has a wrong type.
    """
    notes = [] if notes is None else notes
    found = as_tavern(_inner(data), where, notes)
    if found.get("entries") is None:
        raise _none(where)
    top = Values(found, where, notes)
    return Lorebook(
        name=" ".join(top.text("name").split())[:LONGEST_NAME] or name[:LONGEST_NAME],
        entries=_unique(_with_keys(_entries(top), top)),
        description=top.text("description"),
        scan_depth=top.count("scan_depth"),
        token_budget=top.count("token_budget"),
        recursive=top.flag("recursive_scanning"),
        extra={key: value for key, value in found.items() if key not in BOOK_KNOWN},
        extensions=top.mapping("extensions"),
    )


def _inner(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The book itself: a V3 file has it in `data`, a card in `character_book` there."""
    inner = mapping_in(data.get("data"))
    if inner is None or "entries" in data:
        return data
    return mapping_in(inner.get("character_book")) or inner


def _entries(top: Values) -> Iterable[LoreEntry]:
    """In the order of their ids, as SillyTavern has them."""
    value = top.data["entries"]
    listed = list_in(value)
    named = mapping_in(value) if listed is None else dict(enumerate(listed))
    if named is None:
        top.wrong("entries", value, "a list")
    if len(named) > MOST_ENTRIES:
        top.notes.append(
            say(
                "{place}: {found} entries are more than fit; the first {kept} are kept.",
                place=top.place,
                found=len(named),
                kept=MOST_ENTRIES,
            )
        )
    kept = islice(named.items(), MOST_ENTRIES)
    return [_entry(top, at, *each) for at, each in enumerate(kept)]


def _with_keys(entries: Iterable[LoreEntry], top: Values) -> Iterable[LoreEntry]:
    """Entries beyond the most keys of a book have none."""
    left, bare = MOST_KEYS, 0
    for entry in entries:
        left -= len(entry.keys) + len(entry.secondary_keys)
        if left >= 0:
            yield entry
        else:
            bare += 1
            yield replace(entry, keys=(), secondary_keys=())
    if bare:
        top.notes.append(
            say(
                "{place}: the book has more than {most} keys; {count} entries have lost theirs.",
                place=top.place,
                most=MOST_KEYS,
                count=bare,
            )
        )


def _entry(top: Values, at: int, key: object, value: object) -> LoreEntry:
    found = mapping_in(value)
    if found is None:
        top.wrong(f"entries[{key}]", value, "an object")
    uid = next((n for n in map(_id, (found.get("uid"), found.get("id"), key)) if n is not None), at)
    return read_entry(found, uid, f"{top.place}: entries[{key}]", top.notes)


def _id(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _unique(entries: Iterable[LoreEntry]) -> tuple[LoreEntry, ...]:
    """Sorted by id; a second one of an id gets a new one at the end: none is lost."""
    found: dict[int, LoreEntry] = {}
    again: list[LoreEntry] = []
    for entry in entries:
        if entry.uid in found:
            again.append(entry)
        else:
            found[entry.uid] = entry
    free = max(found, default=-1) + 1
    moved = [replace(entry, uid=free + at) for at, entry in enumerate(again)]
    return (*sorted(found.values(), key=lambda entry: entry.uid), *moved)


def _none(where: str) -> LorebookError:
    return LorebookError(say("{file} is no lorebook: it has no entries.", file=where), hint=_what())


def _what() -> str:
    return say(
        "A lorebook is a JSON file: SillyTavern's world info, a V2 or V3 book, or one of Agnai, "
        "RisuAI or NovelAI."
    )
