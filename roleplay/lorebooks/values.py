"""Values of the right type out of an entry or a book, each fault named by entry and key."""

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from roleplay.errors import LorebookError
from roleplay.phrases import say
from roleplay.untrusted import list_in, mapping_in

LONGEST_TEXT = 100_000
"""Characters of one text, about 25,000 tokens."""

MOST_KEYS = 1000
"""Keys of one entry."""

KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a text", bool: "yes or no"}

YES_NO = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}


class Values:
    """An object of a file. `place` begins every error: the file and, where it is one, the entry.

    Null is the same as missing. `notes` collects what was cut.
    """

    def __init__(self, data: Mapping[str, Any], place: str, notes: list[str]) -> None:
        self.data = data
        self.place = place
        self.notes = notes

    def get(self, *keys: str) -> tuple[str, Any]:
        """The first of the keys that has a value, and that; the first and None where none has."""
        found = ((key, self.data[key]) for key in keys if self.data.get(key) is not None)
        return next(found, (keys[0], None))

    def text(self, *keys: str) -> str:
        key, value = self.get(*keys)
        return "" if value is None else self._text(key, value)

    def texts(self, *keys: str) -> tuple[str, ...]:
        """A list, or one text with commas. Empty ones are left out."""
        key, value = self.get(*keys)
        if value is None:
            return ()
        found = value.split(",") if isinstance(value, str) else list_in(value)
        if found is None:
            self.wrong(key, value, "a list of texts")
        if len(found) > MOST_KEYS:
            self._cut(key, len(found), MOST_KEYS)
        texts = [self._text(f"{key}[{at}]", each) for at, each in enumerate(found[:MOST_KEYS])]
        return tuple(each.strip() for each in texts if each.strip())

    def flag(self, *keys: str) -> bool | None:
        key, value = self.get(*keys)
        if value is None or isinstance(value, bool):
            return value
        if not isinstance(value, (int, str)) or value not in YES_NO:
            self.wrong(key, value, "yes or no")
        return YES_NO[value]

    def number(self, *keys: str) -> float | None:
        """A number or its digits; an empty text is none."""
        key, value = self.get(*keys)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self.wrong(key, value, "a number")
        return self._finite(key, value)

    def count(self, *keys: str) -> int | None:
        """A whole number from 0."""
        number = self.number(*keys)
        return None if number is None else max(round(number), 0)

    def code(self, most: int, *keys: str) -> int | None:
        """A whole number up to `most`; one beyond it is noted and None."""
        key, value = self.get(*keys)
        number = self.count(*keys)
        if number is None or number <= most:
            return number
        self.notes.append(
            say(
                "{place}: {key} is {value}, which means nothing here; the usual value is taken.",
                place=self.place,
                key=key,
                value=value,
            )
        )
        return None

    def mapping(self, *keys: str) -> dict[str, Any]:
        """An empty list, which PHP writes for an empty object, is empty."""
        key, value = self.get(*keys)
        found = mapping_in(value or {})
        if found is None:
            self.wrong(key, value, "an object")
        return found

    def wrong(self, key: str, value: object, wanted: str) -> NoReturn:
        raise LorebookError(
            say(
                "{place}: {key} is {found}, not {wanted}.",
                place=self.place,
                key=key,
                found=say(KINDS.get(type(value), "a number")),
                wanted=say(wanted),
            ),
            hint=say("Mend that key, or export the lorebook anew from where it was made."),
        )

    def _text(self, key: str, value: object) -> str:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.wrong(key, value, "a text")
        if len(value) > LONGEST_TEXT:
            self._cut(key, len(value), LONGEST_TEXT)
        return value[:LONGEST_TEXT]

    def _finite(self, key: str, value: float | str) -> float:
        try:
            number = float(value)
        except (ValueError, OverflowError):
            self.wrong(key, value, "a number")
        if not math.isfinite(number) or abs(number) > 1e9:
            self.wrong(key, value, "a number that makes sense")
        return int(number) if number.is_integer() else number

    def _cut(self, key: str, found: int, kept: int) -> None:
        self.notes.append(
            say(
                "{place}: {key} was cut from {found} to {kept}.",
                place=self.place,
                key=key,
                found=found,
                kept=kept,
            )
        )
