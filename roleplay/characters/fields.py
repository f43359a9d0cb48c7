"""A card's `data` object to its fields, and changes to them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from roleplay.characters.card import Card, DepthPrompt
from roleplay.characters.contents import Contents
from roleplay.characters.reading import Reading
from roleplay.chat import Role
from roleplay.errors import CardError, LorebookError
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.read import read_book
from roleplay.phrases import say
from roleplay.untrusted import mapping_in

TEXTS = (
    "name",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
)
"""The texts that every V3 card has; `nickname` is the one that need not be there."""

LISTS = ("alternate_greetings", "group_only_greetings", "tags")

BOOK = "character_book"

MOST_ENTRIES = 10_000
"""Of a lorebook in a card."""

LONGEST_NAME = 100


def contents_of(
    data: Mapping[str, Any], outer: Mapping[str, Any] | None = None, *, file: str = "card"
) -> Contents:
    """The card of a `data` object of V1, V2 or V3, which is completed to a V3 one.

    `file` is the name that errors begin with. Texts that are too long and lists of too many are
    cut, each with a note.

    Raises:
        CardError: a field has a wrong type, or there is no name.
    """
    reading = Reading(data, file)
    whole = _complete(data, reading)
    if not whole["name"].strip():
        raise CardError(
            say("{file}: data.name is empty: the character has no name.", file=file),
            hint=say("Is it a character? A lorebook or a preset is imported by its own command."),
        )
    card = _card(whole, outer or {}, reading.notes)
    return Contents(card, notes=tuple(reading.notes))


def card_of(data: Mapping[str, Any], outer: Mapping[str, Any] | None = None) -> Card:
    """The same for a `data` object that is known to hold, say from our own store."""
    return contents_of(data, outer).card


def edited(card: Card, **changes: str) -> Card:
    """The card with other texts; everything else it holds is kept.

    What the file repeats outside `data`, for programs that read V1, follows.

    Raises:
        CardError: the name is empty.
    """
    outer = {key: changes.get(key, value) for key, value in card.outer.items()}
    return card_of({**data_of(card), **changes}, outer)


def data_of(card: Card) -> Mapping[str, Any]:
    """The card's own `data`, made from its fields where it came from no file."""
    if card.data:
        return card.data
    texts = {key: getattr(card, key) for key in (*TEXTS, "nickname")}
    lists = {key: list(getattr(card, key)) for key in LISTS}
    return card_of(texts | lists).data


def _complete(data: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    whole = {**data, "extensions": reading.mapping("extensions")}
    whole |= {key: reading.text(key) for key in TEXTS}
    whole |= {key: reading.texts(key) for key in LISTS if key != "tags"}
    whole["tags"] = _tags(data.get("tags"), reading)
    if "nickname" in data:
        whole["nickname"] = reading.text("nickname")
    if "talkativeness" in data:  # where SillyTavern kept it in V1
        whole["extensions"] = {"talkativeness": data["talkativeness"]} | whole["extensions"]
    if book := reading.book(BOOK, MOST_ENTRIES):
        whole[BOOK] = book
    if whole.get("assets") == []:  # the same as none
        del whole["assets"]
    return whole


def _tags(value: object, reading: Reading) -> list[str]:
    """Some programs write them as one text with commas."""
    if isinstance(value, str):
        return [tag.strip() for tag in value.split(",") if tag.strip()]
    return reading.texts("tags")


def _card(data: dict[str, Any], outer: Mapping[str, Any], notes: list[str]) -> Card:
    texts: dict[str, Any] = {key: data[key] for key in TEXTS}
    lists: dict[str, Any] = {key: tuple(data[key]) for key in LISTS}
    extensions: dict[str, Any] = data["extensions"]
    card = Card(**texts, **lists, data=data, outer=outer)
    return replace(
        card,
        name=_name(card.name),
        nickname=_name(data.get("nickname", "")),
        talkativeness=_share(extensions.get("talkativeness")),
        depth_prompt=_depth_prompt(extensions.get("depth_prompt")),
        book=_book(data, notes),
    )


def _book(data: Mapping[str, Any], notes: list[str]) -> Lorebook | None:
    """A book that does not hold stays in the data: the character can be used without it."""
    book = data.get(BOOK)
    if not book:
        return None
    try:
        return read_book(book, f"data.{BOOK}", name=_name(data["name"]), notes=notes)
    except LorebookError as exc:
        notes.append(say("The lorebook in the card is kept, and not used: {why}", why=exc))
        return None


def _name(name: str) -> str:
    """One line, as it stands before what the character says."""
    return " ".join(name.split())[:LONGEST_NAME].strip()


def _share(value: object) -> float:
    """SillyTavern writes it as a number or as its digits."""
    try:
        share = float(cast("Any", value))
    except (TypeError, ValueError, OverflowError):
        return 0.5
    return 0.5 if math.isnan(share) else min(max(share, 0.0), 1.0)


def _depth_prompt(value: object) -> DepthPrompt | None:
    found = mapping_in(value) or {}
    text, depth, role = (found.get(key) for key in ("prompt", "depth", "role"))
    if not isinstance(text, str) or not text.strip():
        return None
    usual = DepthPrompt(text)
    return DepthPrompt(
        text,
        depth=min(depth, 1000) if type(depth) is int and depth >= 0 else usual.depth,
        role=cast("Role", role) if role in get_args(Role) else usual.role,
    )
