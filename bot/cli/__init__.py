"""The command line: each module here is one verb, found by walking. See `Verb` for its shape."""

import argparse
import asyncio
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Sequence
from typing import Protocol, cast

from bot import __version__, logs
from bot.config.env import process_environment
from bot.terminal import Exit, complain, error_json, out_json
from roleplay.errors import (
    CardError,
    ChatError,
    ConfigError,
    ContextOverflow,
    DatabaseInUse,
    LorebookError,
    PersonaError,
    PictureError,
    PresetError,
    RoleForgeError,
    StorageError,
)
from roleplay.phrases import say

DEFAULT = "run"


class Verb(Protocol):
    """A module of this package. Its name is the verb; its docstring is the text of `--help`."""

    HELP: str
    """One line for the list of verbs."""

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    async def run(self, args: argparse.Namespace) -> int:
        """Do it; returns the exit code.

        Raises:
            RoleForgeError: it failed; the frame prints the error and chooses the code.
        """
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit code; see `bot.terminal.Exit`."""
    words = list(sys.argv[1:] if argv is None else argv)
    args = _parse(words)
    try:
        code = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return Exit.BROKEN_PIPE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code


def verbs() -> list[str]:
    """Every verb's name, in the alphabet's order."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def _parse(words: list[str]) -> argparse.Namespace:
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        words = [DEFAULT, *words]
    parser = argparse.ArgumentParser(
        prog="roleforge",
        description=say("A self-hosted Discord bot for roleplay chat with any LLM server."),
        epilog=say("Without a verb the bot is started. More: roleforge VERB --help"),
    )
    parser.add_argument("--version", action="version", version=f"roleforge {__version__}")
    found = verbs()
    places = parser.add_subparsers(title=say("verbs"), metavar="VERB", dest="verb", required=True)
    for name in [words[0]] if words[0] in found else found:
        _add(name, places.add_parser)
    return parser.parse_args(words)


def _add(name: str, add_parser: Callable[..., argparse.ArgumentParser]) -> None:
    module = importlib.import_module(f"{__name__}.{name}")
    verb = cast("Verb", module)
    parser = add_parser(name, help=say(verb.HELP), description=say(module.__doc__ or ""))
    parser.set_defaults(run=verb.run, json=False)
    verb.arguments(parser)


def _run(args: argparse.Namespace) -> int:
    logs.setup(process_environment())
    try:
        return asyncio.run(args.run(args))
    except RoleForgeError as error:
        _report(error, as_json=args.json)
        return exit_code(error)


def exit_code(error: RoleForgeError) -> Exit:
    """The code that tells a script what kind of failure it was."""
    match error:
        case CardError() | ChatError() | ContextOverflow() | LorebookError() | PersonaError():
            return Exit.BAD_DATA
        case PictureError() | PresetError():
            return Exit.BAD_DATA
        case ConfigError():
            return Exit.BAD_CONFIG
        case DatabaseInUse():
            return Exit.IN_USE
        case StorageError():
            return Exit.STORAGE
        case _:
            return Exit.UNAVAILABLE


def _report(error: RoleForgeError, *, as_json: bool) -> None:
    complain(error)
    if as_json:
        out_json({"ok": False, "error": error_json(error)})


def _forget_stdout() -> None:
    """The reader of a pipe left; without this Python complains once more while it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
