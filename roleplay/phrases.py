"""Every text a person reads passes through `say`, so that a catalogue can replace the English."""

import re
from collections.abc import Mapping
from contextvars import ContextVar

PLACE = re.compile(r"\{(\w+)\}")

Catalogue = Mapping[str, str]

catalogue: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)
"""English source text to its translation; unset means English."""


def count(number: int, one: str, more: str, /, **values: object) -> str:
    """`one` or `more`, whichever the number asks for, with `{count}` filled in as well."""
    return say(one if number == 1 else more, count=f"{number:,}", **values)


def say(source: str, /, **values: object) -> str:
    """The source text in the reader's language, with `{name}` places filled.

    Only plain names are places: values are never read as a format, so text that people or servers
    wrote cannot reach into objects.
    """
    text = (catalogue.get() or {}).get(source, source)
    return PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)
