"""One module for each kind of file; a module that lies here is found, there is no list."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, cast

from roleplay.chats.chat import Chat


@dataclass(frozen=True, slots=True)
class Look:
    """How a chat is to be shown. `avatars` are pictures by the name of who speaks.

    `hidden`: with the messages that the model does not see.
    """

    avatars: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    hidden: bool = False


class Format(Protocol):
    """A module of this package; its name is the format's."""

    SUFFIX: str
    """Of a file's name, with the dot."""

    def write(self, chat: Chat, look: Look) -> str: ...


@cache
def every() -> dict[str, Format]:
    return {
        found.name: cast("Format", importlib.import_module(f"{__name__}.{found.name}"))
        for found in pkgutil.iter_modules(__path__)
    }


def write_file(chat: Chat, form: str, look: Look | None = None) -> bytes:
    """`form` is a name of `every`."""
    return every()[form].write(chat, look or Look()).encode()
