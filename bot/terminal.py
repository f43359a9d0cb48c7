"""What the verbs share: exit codes, options, and who gets to read what.

Standard output carries the result only, so that it can be piped; all else goes to standard error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn
from rich.table import Table

from bot import logs
from bot.config.env import config_path, process_environment
from bot.config.load import Loaded, load
from roleplay.errors import BackendError, ConfigError, Problem, RoleForgeError
from roleplay.phrases import say


class Exit(IntEnum):
    """Exit codes, after sysexits.h where it has one."""

    OK = 0
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


def open_config(args: argparse.Namespace) -> Loaded:
    """Load the config that `add_config` chose; from here on the log hides its secrets.

    Raises:
        ConfigError: as `load`.
    """
    environ = process_environment()
    loaded = load(config_path(args.config, environ), environ)
    logs.setup(environ, loaded.secrets)
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


@contextmanager
def fetching() -> Generator[Callable[[int, int], None]]:
    """A progress bar on standard error for a file that is fetched, shown once there is one.

    The function takes bytes done and bytes in total. Where there is no terminal it writes a line
    at every tenth.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    label = say("Fetching the model")
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: list[TaskID] = []
        tenths: list[int] = []

        def show(done: int, total: int) -> None:
            if not tasks:
                tasks.append(bars.add_task(label, total=total))
            bars.update(tasks[0], completed=done, total=total)
            tenth = done * 10 // max(total, 1)
            if not console.is_terminal and tenth not in tenths:
                tenths.append(tenth)
                err(say("{label}: {percent} %", label=label, percent=tenth * 10))

        yield show


def plain(text: str) -> str:
    """Text that others wrote, without the control characters that terminals obey."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
