"""One module for each kind of file; a module that lies here is found, there is no list."""

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from roleplay.characters.contents import Contents
from roleplay.errors import CardError
from roleplay.phrases import say

LARGEST = 32 * 1024 * 1024
"""Bytes of a file."""


class Format(Protocol):
    """A module of this package; its name is the format's."""

    SUFFIX: str
    """Of a file's name, with the dot."""

    def recognises(self, data: bytes) -> bool:
        """By what is in the file, whatever its name."""
        ...

    def read(self, data: bytes, file: str) -> Contents:
        """Raises `CardError`, which names `file` and the place in it."""
        ...

    def write(self, contents: Contents) -> bytes:
        """A file from which `read` makes an equal card. Raises `CardError`: not possible."""
        ...


@cache
def every() -> dict[str, Format]:
    return {
        found.name: cast("Format", importlib.import_module(f"{__name__}.{found.name}"))
        for found in pkgutil.iter_modules(__path__)
    }


def read_file(data: bytes, file: str) -> tuple[str, Contents]:
    """The format's name, and what the file holds.

    Raises:
        CardError: no format knows it, or it is broken or out of bounds.
    """
    if len(data) > LARGEST:
        raise CardError(
            say("{file} is larger than {most} MB.", file=file, most=LARGEST // 1024**2),
            hint=say("Make its picture smaller."),
        )
    for name, form in every().items():
        if form.recognises(data):
            return name, form.read(data, file)
    raise CardError(
        say("{file} is no kind of file that holds a character.", file=file),
        hint=say("A character is a PNG, JSON, CharX or YAML file."),
    )


def write_file(contents: Contents, form: str) -> bytes:
    """`form` is a name of `every`. A PNG needs a picture that is a PNG, or none.

    Raises:
        CardError: it cannot be written so.
    """
    return every()[form].write(contents)
