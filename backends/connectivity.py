"""Our own way out: the targets of `health.connectivity`."""

import asyncio
from collections.abc import Sequence

from backends.host import listens

SECONDS = 5.0


async def any_reachable(targets: Sequence[str]) -> bool:
    """Whether one of these, as host:port, takes a connection; all are tried at the same time."""
    tries = [listens(*split_target(target), SECONDS) for target in targets]
    return any(await asyncio.gather(*tries))


def split_target(target: str) -> tuple[str, int]:
    """The host and the port of host:port; an IPv6 address stands in brackets.

    Raises:
        ValueError: it is none.
    """
    host, colon, port = target.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (host and colon and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError(f"no target: {target}")
    return host, int(port)
