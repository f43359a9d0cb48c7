"""CharX: a zip with `card.json`, a V3 card, and the files that its `assets` name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from roleplay.characters.archive import packed, unpacked
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.characters.fields import card_of, data_of
from roleplay.characters.formats import json
from roleplay.characters.picture_kind import suffix_of
from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in

SUFFIX = ".charx"

CARD = "card.json"

OURS = "assets/icon/image/roleforge."
"""Where a picture goes that came from elsewhere; the asset that names it is ours as well."""

INSIDE = ("embeded://", "embedded://")
"""The specification spells it with one d."""


def recognises(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def read(data: bytes, file: str) -> Contents:
    try:
        files = unpacked(data)
    except ValueError as exc:
        raise CardError(
            say("{file} is no CharX that can be used: {why}.", file=file, why=exc),
            hint=say("Export the character anew, or as PNG."),
        ) from exc
    if CARD not in files:
        raise CardError(
            say("{file} is a zip without the file {card}.", file=file, card=CARD),
            hint=say("A CharX has its card there."),
        )
    contents = json.read(files.pop(CARD), f"{file}, {CARD}")
    picture = _picture(contents.card, files)
    card = _without_ours(contents.card)
    assets = {name: each for name, each in files.items() if not name.startswith(OURS)}
    return replace(contents, card=card, picture=picture, assets=assets)


def write(contents: Contents) -> bytes:
    files = dict(contents.assets)
    picture, card = contents.picture, contents.card
    if picture and picture != _picture(card, files):
        suffix = suffix_of(picture)
        files[f"{OURS}{suffix}"] = picture
        card = _with_ours(card, suffix)
    return packed({CARD: json.write(replace(contents, card=card)), **files})


def _picture(card: Card, files: Mapping[str, bytes]) -> bytes | None:
    """The icon called main, else the first one that is a picture inside."""
    icons = [each for each in _assets(card) if each.get("type") == "icon"]
    icons.sort(key=lambda icon: (not _is_ours(icon), icon.get("name") != "main"))
    inside = (files.get(_path(icon)) for icon in icons)
    return next((data for data in inside if data and suffix_of(data)), None)


def _assets(card: Card) -> list[dict[str, Any]]:
    found = map(mapping_in, _listed(data_of(card)))
    return [asset for asset in found if asset]


def _path(asset: Mapping[str, Any]) -> str:
    uri = str(asset.get("uri", ""))
    return next((uri.removeprefix(each) for each in INSIDE if uri.startswith(each)), "")


def _is_ours(asset: Mapping[str, Any]) -> bool:
    return _path(asset).startswith(OURS)


def _with_ours(card: Card, suffix: str) -> Card:
    asset = {"type": "icon", "uri": f"{INSIDE[0]}{OURS}{suffix}", "name": "main", "ext": suffix}
    data = data_of(card)
    return card_of({**data, "assets": [asset, *_listed(data)]}, card.outer)


def _without_ours(card: Card) -> Card:
    if not any(map(_is_ours, _assets(card))):
        return card
    data = data_of(card)
    kept = [each for each in _listed(data) if not _is_ours(mapping_in(each) or {})]
    return card_of({**data, "assets": kept}, card.outer)


def _listed(data: Mapping[str, Any]) -> list[Any]:
    return list_in(data.get("assets")) or []
