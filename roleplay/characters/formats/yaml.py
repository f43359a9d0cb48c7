"""Characters of text-generation-webui and Pygmalion as YAML.

What is written is text-generation-webui's, with the whole V3 card under a key of its own.
"""

from typing import Any, cast

import yaml

from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.characters.shapes import contents_in, document_of
from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import DEEPEST, mapping_in

SUFFIX = ".yaml"

LARGEST = 2 * 1024 * 1024
"""Bytes."""

MOST_EVENTS = 100_000

CARD = "character_card"

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def recognises(data: bytes) -> bool:
    """Any text that holds a key; asked after the formats that can tell better."""
    head = data[:4000]
    return b"\0" not in head and b":" in head and not head.startswith((b"{", b"\x89", b"PK"))


def read(data: bytes, file: str) -> Contents:
    try:
        document = _parsed(data)
    except (yaml.YAMLError, ValueError) as exc:
        raise CardError(
            say("{file}: {why}.", file=file, why=_told(exc)),
            hint=say("Mend that place, or export the character anew from where it was made."),
        ) from exc
    ours = (mapping_in(document) or {}).get(CARD)
    return contents_in(ours or document, file)


def write(contents: Contents) -> bytes:
    card = contents.card
    document = {
        "name": card.name,
        "greeting": card.first_mes,
        "context": _context(card),
        CARD: document_of(card),
    }
    return yaml.dump(document, Dumper=DUMPER, allow_unicode=True, sort_keys=False, encoding="utf-8")


def _parsed(data: bytes) -> Any:
    if len(data) > LARGEST:
        raise ValueError(say("YAML larger than {most} MB is not read", most=LARGEST // 1024**2))
    text = data.decode("utf-8-sig")
    _check(text)
    document = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader
    return _plain(document)


def _check(text: str) -> None:
    """Look at the events first: they take no room, whatever they would build."""
    depth = 0
    for count, event in enumerate(cast("Any", yaml).parse(text, Loader=LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if fault := _fault(event, depth, count):
            line = event.start_mark.line + 1
            raise ValueError(say("line {line} {fault}", line=line, fault=fault))


def _fault(event: object, depth: int, count: int) -> str:
    if isinstance(event, yaml.AliasEvent):
        return say("has an alias (*), which no character needs")
    if depth > DEEPEST:
        return say("is nested more than {most} deep", most=DEEPEST)
    return say("is more than a character has") if count > MOST_EVENTS else ""


def _plain(value: Any) -> Any:
    """As JSON would have it: keys are texts, and dates are as they are written in ISO."""
    if isinstance(value, dict):
        found = cast("dict[Any, Any]", value)
        return {str(key): _plain(each) for key, each in found.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(each) for each in cast("list[Any]", value)]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _context(card: Card) -> str:
    parts = (card.description, card.personality, card.scenario, card.mes_example)
    return "\n\n".join(part for part in parts if part)


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
