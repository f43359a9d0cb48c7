"""The program's own logging inside a test."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from bot import logs


@contextmanager
def everything_logged() -> Generator[None]:
    """As a user sees it with `ROLEFORGE_LOG_LEVEL=debug`, on standard error; then as before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.PINNED}
    logs.setup({"ROLEFORGE_LOG_LEVEL": "debug"})
    try:
        yield
    finally:
        root.handlers[:], root.level = handlers, level
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
