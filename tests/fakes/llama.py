"""A real llama.cpp server with the built-in model, for tests of the wire."""

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager

from backends.embedded.servers import embedded_servers
from roleplay.profiles import ConnectionProfile


@contextmanager
def running_llama() -> Generator[ConnectionProfile]:
    """Serve from a thread with its own event loop, so that any test's loop can ask it."""
    profile: Future[ConnectionProfile] = Future()
    enough = threading.Event()
    thread = threading.Thread(target=asyncio.run, args=(_serve(profile, enough),))
    thread.start()
    try:
        yield profile.result()
    finally:
        enough.set()
        thread.join()


async def _serve(profile: Future[ConnectionProfile], enough: threading.Event) -> None:
    try:
        async with embedded_servers({"smollm2": ConnectionProfile(type="embedded")}) as profiles:
            profile.set_result(profiles["smollm2"])
            await asyncio.to_thread(enough.wait)
    except Exception as exc:
        if not profile.done():
            profile.set_exception(exc)
        raise
