"""Which kind of card a mapping is, whether JSON or YAML held it, and the mapping of a card.

Sources: character-card-spec-v1 and -v2 (malfoyslastname), SPEC_V3 (kwaroran); the characters of
Pygmalion's and text-generation-webui's own files.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.characters.fields import contents_of, data_of
from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import mapping_in

NEWEST = 3.0

PYGMALION = {
    "char_name": "name",
    "char_persona": "description",
    "world_scenario": "scenario",
    "char_greeting": "first_mes",
    "example_dialogue": "mes_example",
}

WEBUI = {"context": "description", "greeting": "first_mes"}


def contents_in(document: object, file: str) -> Contents:
    """The card that a document is: V1, V2, V3, Pygmalion's or text-generation-webui's.

    Raises:
        CardError: it is none of these, or a field is wrong.
    """
    found = mapping_in(document)
    if found is None:
        raise _no_card(file)
    if isinstance(found.get("data"), dict) and "spec" in found:
        return _newer(found, file)
    if "char_name" in found:
        return contents_of(_renamed(found, PYGMALION), file=file)
    if "first_mes" not in found and WEBUI.keys() & found.keys():
        return contents_of(_renamed(found, WEBUI), file=file)
    if "name" not in found:
        raise _no_card(file)
    return contents_of(found, file=file)


def document_of(card: Card, spec: int = 3) -> dict[str, Any]:
    """The card as V2 or V3 has it, with what stood beside its data."""
    version = card.outer.get("spec_version", f"{NEWEST}") if spec == int(NEWEST) else f"{spec}.0"
    head = {"spec": f"chara_card_v{spec}", "spec_version": version}
    return {**head, **_beside(card.outer), "data": data_of(card)}


def _newer(found: Mapping[str, Any], file: str) -> Contents:
    version, outer = _version(found.get("spec_version")), _beside(found)
    if version <= NEWEST:
        return contents_of(found["data"], outer, file=file)
    contents = contents_of(
        found["data"], {**outer, "spec_version": found["spec_version"]}, file=file
    )
    note = say(
        "The card is of version {version}, newer than {newest}: what is new in it is kept, and not "
        "used.",
        version=version,
        newest=NEWEST,
    )
    return replace(contents, notes=(*contents.notes, note))


def _beside(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in found.items() if key not in ("spec", "spec_version", "data")
    }


def _version(value: object) -> float:
    try:
        return float(cast("Any", value))
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _renamed(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A new name that is taken already changes nothing: both texts are kept."""
    return {
        key if names.get(key) in found else names.get(key, key): value
        for key, value in found.items()
    }


def _no_card(file: str) -> CardError:
    return CardError(
        say("{file} holds no character: there is neither a name nor a card's data.", file=file),
        hint=say(
            "It can be a V1, V2 or V3 card, or a character of text-generation-webui or Pygmalion."
        ),
    )
