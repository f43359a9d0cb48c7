"""SIGHUP: the signal by which a service is told to read its settings again."""

import asyncio
import signal
import sys
from collections.abc import Callable


def reload_on_hangup(wake: Callable[[], None]) -> None:
    """Call `wake` at each SIGHUP. At a terminal it still ends the program: its window closed."""
    if hasattr(signal, "SIGHUP") and not (sys.stdin and sys.stdin.isatty()):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, wake)
