"""SQLite's errors in this program's words."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from roleplay.errors import DatabaseDamaged, DatabaseInUse, DiskFull, StorageError
from roleplay.phrases import say
from storage.backups import backups

PRIMARY = 0xFF
"""The low byte of an extended result code, see https://www.sqlite.org/rescode.html."""


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Let no error of the driver out; OverflowError is an integer beyond 64 bits."""
    try:
        yield
    except (sqlite3.Error, OverflowError) as exc:
        raise fault(exc, path) from exc


def fault(exc: sqlite3.Error | OverflowError, path: Path) -> StorageError:
    match getattr(exc, "sqlite_errorcode", 0) & PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseInUse(
                say("Another program holds the database {path}.", path=path),
                hint=say("Close whatever else has the file open, such as a database browser."),
            )
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                say("There is no room left to write {path}.", path=path),
                hint=say("Free some space on that disk; nothing needs a restart."),
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, str(exc))
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StorageError(
                say("The database {path} cannot be opened for writing: {why}.", path=path, why=exc),
                hint=say("Give the account that runs RoleForge write access to its data folder."),
            )
        case sqlite3.SQLITE_IOERR:
            return StorageError(
                say("The disk failed while {path} was used: {why}.", path=path, why=exc),
                hint=say("Check the disk's health and that its file system is still there."),
            )
        case _:
            return StorageError(say("The database refused: {why}.", why=exc))


def damaged(path: Path, why: str) -> DatabaseDamaged:
    """Names the newest backup, so that the way out is known."""
    copies = backups(path)
    files = f"{path.name}, {path.name}-wal, {path.name}-shm"
    hint = (
        say(
            "Stop RoleForge, move {files} away and copy {copy} to {path}.",
            files=files,
            copy=copies[-1],
            path=path,
        )
        if copies
        else say(
            "Stop RoleForge, move {files} away and put a backup in their place; without one it "
            "begins anew.",
            files=files,
        )
    )
    return DatabaseDamaged(
        say("The database {path} is damaged: {why}.", path=path, why=why), hint=hint
    )
