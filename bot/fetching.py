"""The fetching of the built-in model, as whoever waits for it sees it."""

from contextlib import ExitStack

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from bot.terminal import err
from roleplay.phrases import say


class Fetching(ExitStack):
    """Called with bytes done and in total: one line of why, and a bar on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __call__(self, done: int, total: int) -> None:
        bar = self._bar or self._begin(total)
        bar.update(self._task, completed=done)
        if done >= total:
            self.close()

    def _begin(self, total: int) -> Progress:
        size = f"{total / 1e6:.0f} MB"
        err(say("Fetching a small language model, once ({size}).", size=size))
        self._bar = bar = Progress(
            TextColumn(say("Model")),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self.enter_context(bar)
        self._task = bar.add_task("", total=total)
        return bar
