"""Brings a database to this program's version: numbered SQL files, a backup first."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from roleplay.errors import StorageError
from roleplay.phrases import say
from storage.backups import backup_of, prune
from storage.database import Database

log = logging.getLogger(__name__)

FILE_NAME = re.compile(r"(\d{4})_\w+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; `number` is the version it leads to."""

    number: int
    sql: str


def shipped() -> list[Migration]:
    """The migrations in `storage/migrations`, in order."""
    found = (
        (FILE_NAME.fullmatch(file.name), file)
        for file in files("storage").joinpath("migrations").iterdir()
    )
    steps = [Migration(int(name[1]), file.read_text("utf-8")) for name, file in found if name]
    return sorted(steps, key=lambda step: step.number)


async def migrate(database: Database, steps: Sequence[Migration]) -> None:
    """Apply what is missing, each step whole or not at all.

    Raises:
        StorageError: the database is newer than the program, or a step failed; the steps before it
            stand, and the backup holds the version it began with.
    """
    version = await database.version()
    newest = max(step.number for step in steps)
    if version > newest:
        raise _too_new(database, version, newest)
    missing = [step for step in steps if step.number > version]
    if version and missing:
        await _back_up(database, version)
    for step in missing:
        await database.apply(step.sql, step.number)
        log.info("The database is now at version %d", step.number)


async def _back_up(database: Database, version: int) -> None:
    copy = backup_of(database.path, version)
    await database.copy_to(copy)
    prune(database.path)
    log.info("The database of version %d was copied to %s", version, copy)


def _too_new(database: Database, version: int, newest: int) -> StorageError:
    copy = backup_of(database.path, newest)
    return StorageError(
        say(
            "The database {path} is of version {version}; this RoleForge knows up to {newest}.",
            path=database.path,
            version=version,
            newest=newest,
        ),
        hint=say("Install the newer RoleForge again.")
        + (
            say(" Or go back to {copy}, losing what came after.", copy=copy)
            if copy.exists()
            else ""
        ),
    )
