"""Values of the right type out of a card's `data`, each fault named by its key."""

from collections.abc import Mapping
from typing import Any

from roleplay.errors import CardError
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in

LONGEST_TEXT = 100_000
"""Characters of one field, about 25,000 tokens: no model has room for more of a character."""

MOST_TEXTS = 500
"""Greetings or tags of one card."""

KINDS: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    type(None): "nothing",
    bool: "yes or no",
}


class Reading:
    """One `data` object of the file called `file`; `notes` collects what had to be cut."""

    def __init__(self, data: Mapping[str, Any], file: str) -> None:
        self._data = data
        self._file = file
        self.notes: list[str] = []

    def text(self, key: str) -> str:
        """Missing or null is empty; a number is its digits; what is too long is cut."""
        return self._text(self._data.get(key), key)

    def texts(self, key: str) -> list[str]:
        """A single text counts as a list of one."""
        value = self._data.get(key)
        if value is None:
            return []
        found = ([value] if value else []) if isinstance(value, str) else list_in(value)
        if found is None:
            raise self.wrong(key, value, "a list of texts")
        items = self._clipped(found, key, MOST_TEXTS)
        return [self._text(each, f"{key}[{place}]") for place, each in enumerate(items)]

    def mapping(self, key: str) -> dict[str, Any]:
        """Missing, null or an empty list, which PHP writes for an empty object, is empty."""
        value = self._data.get(key)
        found = mapping_in(value)
        if value and found is None:
            raise self.wrong(key, value, "an object")
        return found or {}

    def book(self, key: str, most: int) -> dict[str, Any] | None:
        """A lorebook with at most so many entries; what they hold is not looked at here."""
        if not self._data.get(key):
            return None
        book = self.mapping(key)
        entries = list_in(book.get("entries"))
        if entries is None:
            return book
        return {**book, "entries": self._clipped(entries, f"{key}.entries", most)}

    def wrong(self, key: str, value: object, wanted: str) -> CardError:
        found = KINDS.get(type(value), "a number")
        return CardError(
            say(
                "{file}: {key} is {found}, not {wanted}.",
                file=self._file,
                key=f"data.{key}",
                found=say(found),
                wanted=say(wanted),
            ),
            hint=say("Mend that key, or export the character anew from where it was made."),
        )

    def _text(self, value: object, key: str) -> str:
        if value is None:
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.wrong(key, value, "a text")
        if len(value) > LONGEST_TEXT:
            self._note(key, len(value), LONGEST_TEXT, "characters")
        return value[:LONGEST_TEXT]

    def _clipped(self, items: list[Any], key: str, most: int) -> list[Any]:
        if len(items) > most:
            self._note(key, len(items), most, "entries")
        return items[:most]

    def _note(self, key: str, found: int, kept: int, what: str) -> None:
        self.notes.append(
            say(
                "data.{key} was cut from {found} to {kept} {what}.",
                key=key,
                found=found,
                kept=kept,
                what=say(what),
            )
        )
