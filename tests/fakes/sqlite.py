"""A look into a database file from outside, as a person with the sqlite3 shell would."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def look(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
