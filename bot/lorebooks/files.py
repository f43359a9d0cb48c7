"""Lorebooks' files, as the terminal handles them."""

from pathlib import Path

from roleplay.errors import LorebookError
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.read import read_file
from roleplay.phrases import say
from roleplay.untrusted import LONGEST


def book_in(file: Path, notes: list[str]) -> Lorebook:
    """Raises `LorebookError`: it cannot be read, or is no lorebook."""
    try:
        with file.open("rb") as source:
            data = source.read(LONGEST + 1)
    except OSError as exc:
        raise LorebookError(
            say("{file} cannot be read: {why}.", file=file, why=exc.strerror or exc),
            hint=say("Look at its name and at who may read it."),
        ) from exc
    return read_file(data, file.name, notes)


def write(file: Path, data: bytes) -> None:
    """Raises `LorebookError`: there is a file already, or it cannot be written."""
    try:
        with file.open("xb") as target:
            target.write(data)
    except FileExistsError as exc:
        raise LorebookError(
            say("{file} is there already.", file=file),
            hint=say("Choose another name; nothing is overwritten."),
        ) from exc
    except OSError as exc:
        raise LorebookError(
            say("{file} cannot be written: {why}.", file=file, why=exc.strerror or exc),
            hint=say("Choose a folder that is there and that you may write to."),
        ) from exc
