"""Looks at the data folder from outside, whether or not the bot is running in it."""

import shutil
import sqlite3
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.checkup import Check, failed, skipped
from roleplay.errors import DatabaseInUse, StorageError
from roleplay.phrases import say
from roleplay.usage import By, Spent
from storage.bindings import SqlBindings
from storage.casts import SqlCasts
from storage.characters import SqlCharacters
from storage.database import Database
from storage.faults import damaged
from storage.lock import hold
from storage.lorebooks import SqlLorebooks
from storage.open import FILE_NAME
from storage.scenes import SqlScenes
from storage.usage import SqlUsage

SAFE = (3, 51, 3)
"""The first SQLite without the race in WAL mode that can damage a file with several writers."""

LEAST_FREE = 200
"""MB. Below it a busy server fills the disk within days."""

MEGABYTE = 1_000_000


def check_sqlite(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> Check:
    shown = ".".join(map(str, version))
    if version >= SAFE:
        return Check("sqlite", "ok", say("SQLite {version}.", version=shown))
    return Check(
        "sqlite",
        "warning",
        say("SQLite {version} has a fault in WAL mode, mended in 3.51.3.", version=shown),
        say(
            "RoleForge is safe from it: it writes through one connection. Let no other program "
            "write to its database while it runs."
        ),
    )


def check_folder(folder: Path) -> Check:
    """Whether it can be written and has room; a folder that is not there yet, where it will be."""
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            free = shutil.disk_usage(place).free // MEGABYTE
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        return Check(
            "folder",
            "error",
            say("{folder} cannot be written: {why}.", folder=place, why=why),
            say("Give the account that runs RoleForge write access, or choose another folder."),
        )
    detail = say("{folder} can be written; {free} MB are free.", folder=folder, free=free)
    if free < LEAST_FREE:
        return Check("folder", "warning", detail, say("Make room on that disk."))
    return Check("folder", "ok", detail)


async def check_database(folder: Path) -> Check:
    """SQLite's own quick check; left out while the bot runs, which checks at its start."""
    path = folder / FILE_NAME
    if not path.is_file():
        return skipped("database", say("There is none yet; the first start makes it."))
    try:
        with hold(folder):
            async with Database.read_only(path) as database:
                problem = (await database.rows("PRAGMA quick_check(1)"))[0][0]
    except DatabaseInUse:
        return skipped("database", say("In use by the running bot, which checked it at its start."))
    except StorageError as error:
        return failed("database", error)
    if problem != "ok":
        return failed("database", damaged(path, problem))
    return Check("database", "ok", say("SQLite finds no damage."))


async def stored_places(folder: Path) -> tuple[list[ChannelBinding], list[GuildSettings]]:
    """Every bound channel and every server with settings; none where there is no database yet.

    Raises:
        StorageError: it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return [], []
    async with Database.read_only(path) as database:
        bindings = SqlBindings(database)
        return await bindings.channels(), await bindings.guilds()


async def stored_usage(folder: Path, by: By, since: float) -> list[Spent]:
    """What replies took since a time, in all servers; nothing where there is no database yet.

    Raises:
        StorageError: it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return []
    async with Database.read_only(path) as database:
        return await SqlUsage(database).spent(by, since)


@asynccontextmanager
async def stored_scenes(folder: Path) -> AsyncGenerator[SqlScenes | None]:
    """For reading, also while the bot runs; None where there is no database yet.

    Raises:
        StorageError: it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        yield None
        return
    async with Database.read_only(path) as database:
        yield SqlScenes(database)


@asynccontextmanager
async def stored_characters(folder: Path) -> AsyncGenerator[SqlCharacters | None]:
    """For reading, also while the bot runs; None where there is no database yet.

    Raises:
        StorageError: it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        yield None
        return
    async with Database.read_only(path) as database:
        yield SqlCharacters(database, SqlCasts(database))


@asynccontextmanager
async def stored_lorebooks(folder: Path) -> AsyncGenerator[SqlLorebooks | None]:
    """For reading, also while the bot runs; None where there is no database yet.

    Raises:
        StorageError: it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        yield None
        return
    async with Database.read_only(path) as database:
        yield SqlLorebooks(database)


def _nearest(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
