"""The characters of a data folder and of files, as the terminal handles them."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.characters.files import opened
from roleplay.characters.fields import edited
from roleplay.characters.formats import LARGEST
from roleplay.characters.store import Characters
from roleplay.errors import CardError, RoleForgeError
from roleplay.phrases import say


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: `id` and `name` of the character, or the `error`."""

    file: Path
    id: int | None = None
    name: str = ""
    notes: tuple[str, ...] = ()
    error: RoleForgeError | None = None


def file_of(source: str) -> Path | None:
    """None: there is no such file."""
    path = Path(source)
    return path if path.exists() else None


def files_in(paths: list[Path]) -> list[Path]:
    """Folders become the files that lie directly in them, by name."""
    return [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]


async def import_file(
    file: Path, characters: Characters, guild_id: int | None, name: str = ""
) -> Result:
    """Keep a file's character; what is wrong with the file is part of the result."""
    try:
        found = await opened(read(file), file.name)
        contents = found.contents
        if name:
            contents = replace(contents, card=edited(contents.card, name=name))
        stored = await characters.add(contents, guild_id, avatar=found.avatar)
    except CardError as error:
        return Result(file, error=error)
    return Result(file, stored.id, stored.card.name, contents.notes)


def read(file: Path) -> bytes:
    """Raises `CardError`: it cannot be read, or is too large to be read."""
    try:
        if file.stat().st_size > LARGEST:
            raise CardError(
                say("{file} is larger than {most} MB.", file=file, most=LARGEST // 1024**2),
                hint=say("Make its picture smaller."),
            )
        return file.read_bytes()
    except OSError as exc:
        raise CardError(
            say("{file} cannot be read: {why}.", file=file, why=exc.strerror or exc),
            hint=say("Look at its name and at who may read it."),
        ) from exc


def write(file: Path, data: bytes) -> None:
    """Raises `CardError`: there is a file already, or it cannot be written."""
    try:
        with file.open("xb") as target:
            target.write(data)
    except FileExistsError as exc:
        raise CardError(
            say("{file} is there already.", file=file),
            hint=say("Choose another name; nothing is overwritten."),
        ) from exc
    except OSError as exc:
        raise CardError(
            say("{file} cannot be written: {why}.", file=file, why=exc.strerror or exc),
            hint=say("Choose a folder that is there and that you may write to."),
        ) from exc


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())
