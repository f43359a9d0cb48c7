"""What the verbs share: exit codes, options, and who gets to read what.

Standard output carries the result only, so that it can be piped; all else goes to standard error.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import logs
from bot.config.env import config_path, process_environment
from bot.config.load import Loaded, load
from roleplay.errors import BackendError, ConfigError, Problem, RoleForgeError
from roleplay.phrases import say


class Exit(IntEnum):
    """Exit codes, after sysexits.h where it has one."""

    OK = 0
    WARNINGS = 1
    ERRORS = 2
    BAD_DATA = 65
    UNAVAILABLE = 69
    STORAGE = 74
    IN_USE = 75
    REFUSED = 77
    BAD_CONFIG = 78
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say("the config file; else ROLEFORGE_CONFIG, else ./config.json"),
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=say("print one JSON object and nothing else")
    )


def open_config(args: argparse.Namespace, *, level: str = "warning") -> Loaded:
    """Load the config that `add_config` chose; from here on the log hides its secrets.

    `level` is what the log shows where ROLEFORGE_LOG_LEVEL does not say.

    Raises:
        ConfigError: as `load`.
    """
    environ = process_environment()
    loaded = load(config_path(args.config, environ), environ)
    logs.setup(environ, loaded.secrets, level=level)
    return loaded


def out(text: str, end: str = "\n") -> None:
    """Write to standard output, at once."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def err(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(text + "\n")


def out_json(value: object) -> None:
    out(json.dumps(value, indent=2, ensure_ascii=False))


def out_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for a terminal; elsewhere lines with tabs, which other programs can cut."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            out("\t".join(row))
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(highlight=False).print(table)


def warn(problems: Iterable[Problem]) -> None:
    for problem in problems:
        err(say("Warning: {problem}", problem=problem))


def complain(error: RoleForgeError) -> None:
    """What happened and what to do, on standard error."""
    err(str(error))
    if error.hint:
        err(error.hint)


def error_json(error: RoleForgeError) -> dict[str, Any]:
    """The code that scripts can rely on, what happened, what to do, and the faults of a config."""
    code = error.code if isinstance(error, BackendError) else "failed"
    found: dict[str, Any] = {"code": code, "message": str(error), "hint": error.hint}
    if isinstance(error, ConfigError):
        found["code"] = "bad_config"
        found["problems"] = [asdict(problem) for problem in error.problems]
    return found


def plain(text: str) -> str:
    """Text that others wrote, without the control characters that terminals obey."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
