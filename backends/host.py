"""Where a profile's server stands, and whether anything answers there at all."""

import asyncio

from backends.address import host_of, is_local, is_loopback, port_of
from backends.http import proxy_for
from backends.timers import Limits
from roleplay.errors import BackendError, TimedOut, Unreachable
from roleplay.places import Place
from roleplay.profiles import ConnectionProfile

FAULTS = (OSError, TimeoutError, UnicodeError)
"""A name that no host can have is a UnicodeError."""


def place_of(base_url: str) -> Place:
    """Programs on this machine fail each by itself; another machine fails as a whole."""
    if is_loopback(base_url):
        return Place(f"localhost:{port_of(base_url)}", "machine")
    return Place(host_of(base_url), "lan" if is_local(base_url) else "internet")


async def host_answers(profile: ConnectionProfile, error: BackendError | None) -> bool | None:
    """What a free question's end says of the host; None where a proxy stands in between.

    One that ran out of time may have hung behind an open port, so that is tried.
    """
    if proxy_for(profile.base_url):
        return None if isinstance(error, Unreachable | TimedOut) else True
    if isinstance(error, TimedOut):
        url = profile.base_url
        return await listens(host_of(url), port_of(url), Limits(profile).connect)
    return not isinstance(error, Unreachable)


async def listens(host: str, port: int, seconds: float) -> bool:
    """Whether a TCP connection is taken within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(host, port)
    except FAULTS:
        return False
    writer.transport.abort()
    return True
