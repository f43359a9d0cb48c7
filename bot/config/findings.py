"""A fault in the values, before its place in the file is known."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of the file down."""

MOST = 100
"""Findings of one kind that are looked for; a file with more of them has one cause."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A message about the value at a path, or about the key that leads to it."""

    path: Path
    message: str
    at_key: bool = False
