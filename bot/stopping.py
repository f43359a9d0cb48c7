"""How the program is told to stop."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` at the first SIGINT or SIGTERM; the second cancels the calling task."""
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()

    def told() -> None:
        if stop.is_set() and main:
            main.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, told)
        except NotImplementedError:  # Windows
            signal.signal(number, partial(_later, loop, told))


def _later(loop: asyncio.AbstractEventLoop, told: Callable[[], None], *_: object) -> None:
    loop.call_soon_threadsafe(told)
