"""One process per data folder."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from roleplay.errors import DatabaseInUse, StorageError
from roleplay.phrases import say


@contextmanager
def hold(folder: Path) -> Generator[None]:
    """Create the folder where it is missing and keep every other process out of it.

    The system lets go of the lock when the process ends, however it ends. The pid stands in a file
    of its own because Windows lets nobody read a locked one.

    Raises:
        DatabaseInUse: another process is in; found out without waiting.
        StorageError: the folder cannot be made or written.
    """
    lock = FileLock(folder / "roleforge.lock", timeout=0)
    pid = folder / "roleforge.pid"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
        pid.write_text(str(os.getpid()), encoding="ascii")
    except Timeout as exc:
        raise _in_use(folder, pid) from exc
    except OSError as exc:
        raise _unusable(folder, exc) from exc
    try:
        yield
    finally:
        pid.unlink(missing_ok=True)
        lock.release()


def _in_use(folder: Path, pid: Path) -> DatabaseInUse:
    try:
        holder = pid.read_text(encoding="ascii").strip()
    except OSError:
        holder = "?"
    return DatabaseInUse(
        say("Another RoleForge (process {pid}) uses {folder}.", pid=holder, folder=folder),
        hint=say("Stop that process, or give this one a data folder of its own."),
    )


def _unusable(folder: Path, exc: OSError) -> StorageError:
    return StorageError(
        say("The data folder {folder} cannot be used: {why}.", folder=folder, why=exc.strerror),
        hint=say("Give the account that runs RoleForge write access, or choose another folder."),
    )
