"""Let the person at the terminal choose one of the LLM servers found on this machine."""

import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.prompt import IntPrompt

from backends.discovery import FoundServer
from bot.terminal import err, plain
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

MOST_CHOICES = 20


def choose(found: Sequence[FoundServer]) -> dict[str, ConnectionProfile]:
    """The chosen profile by its name; empty for the built-in model, or if nobody can be asked."""
    choices = [(server, model) for server in found for model in server.models][:MOST_CHOICES]
    if not choices:
        return {}
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        _mention(found)
        return {}
    number = _ask(choices)
    if not number:
        return {}
    server, model = choices[number - 1]
    name = server.name.lower().replace(" ", "-")
    return {name: server.profile(model).model_copy(update={"name": name})}


def _mention(found: Sequence[FoundServer]) -> None:
    for server in found:
        err(say("{server} runs on this machine; a config file can use it.", server=server.name))


def _ask(choices: Sequence[tuple[FoundServer, str]]) -> int:
    err(say("LLM servers run on this machine. Who shall speak?"))
    err(say("  0  the small built-in model"))
    for number, (server, model) in enumerate(choices, 1):
        err(f"  {number}  {plain(model)} ({server.name})")
    numbers = [str(number) for number in range(len(choices) + 1)]
    with _interruptible():
        return IntPrompt.ask(
            say("Number"),
            console=Console(stderr=True),
            choices=numbers,
            default=0,
            show_choices=False,
        )


@contextmanager
def _interruptible() -> Generator[None]:
    """One Ctrl-C ends the question: asyncio's own handler would wait for the answer first."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
