"""The copies that a migration leaves beside the database, named by the version they hold."""

from pathlib import Path

KEPT = 3


def backup_of(database: Path, version: int) -> Path:
    """Where the copy of one version belongs; a second copy of a version replaces the first.

    Named by version and not by time, so that a migration that fails again and again cannot push
    out the older copies.
    """
    return database.with_name(f"{database.stem}-v{version:04}.backup.db")


def backups(database: Path) -> list[Path]:
    """Oldest version first."""
    return sorted(database.parent.glob(f"{database.stem}-v*.backup.db"))


def prune(database: Path) -> None:
    for path in backups(database)[:-KEPT]:
        path.unlink()
