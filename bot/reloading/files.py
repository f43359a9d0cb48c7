"""Notices that files have changed and are at rest again."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Stamp = tuple[int, int, int] | None
"""Time of the last change in nanoseconds, size in bytes, inode; None: there is no such file."""


Stamps = Mapping[Path, Stamp]


class FileWatch:
    """`files` says which ones, anew at each step. `step` is to be called every other second.

    `taken` are the stamps of the files when they were read first; None: they are read now.
    """

    def __init__(self, files: Callable[[], Iterable[Path]], taken: Stamps | None = None) -> None:
        self._files = files
        self._seen = self._taken = stamps(files()) if taken is None else taken

    def step(self) -> bool:
        """Once for each change, as soon as two steps have found the files alike.

        A file that is being written is so left alone.
        """
        now = stamps(self._files())
        at_rest = now == self._seen
        self._seen = now
        if not at_rest or now == self._taken:
            return False
        self._taken = now
        return True


def stamps(files: Iterable[Path]) -> Stamps:
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
