"""Whose server is behind an address, at which address it would answer, and what time it has."""

import asyncio
from contextlib import suppress
from email.utils import parsedate_to_datetime

from backends.address import is_local, join, root_of
from backends.dialect import WireRequest
from backends.dialects import dialect_for
from backends.discovery import SIGNS
from backends.extra_body import extra_headers
from backends.fingerprint import known_by
from backends.http import HttpClient
from backends.remote import RemoteServer
from backends.timers import Limits
from roleplay.errors import BackendError
from roleplay.ports import Clock
from roleplay.profiles import ConnectionProfile

DOORS = ("/chat/completions", "/completions", "/models")
"""Ends of a request's address that people copy into baseURL."""

BASES = ("/v1", "/api/v1", "/openai/v1")
"""Where servers keep their API: nearly all, OpenRouter, Groq."""


async def kind_of_server(profile: ConnectionProfile) -> str:
    """The name of the kind that answers, "" where it is none that is known by its own doors.

    Only machines of one's own are asked: a cloud's host says who it is.
    """
    if not is_local(profile.base_url):
        return ""
    headers = dialect_for(profile).headers(profile) | extra_headers(profile)
    async with HttpClient(profile.base_url, headers, Limits(profile).connect) as client:
        with suppress(BackendError):
            sign = await known_by(client, root_of(profile.base_url))
            return sign.name if sign else ""
    return ""


def other_type(profile: ConnectionProfile, kind: str) -> bool:
    """Whether the profile's type names another kind of server than the one found."""
    named = {_plain(name) for name in dialect_for(profile).names}
    return _plain(kind) not in named and bool(named & {_plain(sign.name) for sign in SIGNS})


async def working_address(profile: ConnectionProfile, clock: Clock) -> str:
    """Another baseURL on the same server at which the profile is answered, "" where none is."""
    for url in other_addresses(profile.base_url):
        moved = profile.model_copy(update={"base_url": url})
        async with RemoteServer(moved, clock) as server:
            if (await server.probe()).state == "up":
                return url
    return ""


def other_addresses(base_url: str) -> list[str]:
    """What was probably meant: /v1 added, taken away or written once; then other usual places."""
    url = base_url.rstrip("/")
    for door in DOORS:
        url = url.removesuffix(door)
    root = url
    while root.endswith("/v1"):
        root = root.removesuffix("/v1")
    scheme, _, rest = base_url.partition("://")
    origin = f"{scheme}://{rest.partition('/')[0]}"
    likely = [f"{root}/v1", root, url, *(origin + base for base in BASES)]
    return [one for one in dict.fromkeys(likely) if one != base_url.rstrip("/")]


async def clock_offset(profile: ConnectionProfile, clock: Clock) -> float | None:
    """Seconds by which the server's clock is ahead of ours; None where it tells no time."""
    limits = Limits(profile)
    request = WireRequest(join(profile.base_url, "/models"))
    try:
        async with (
            asyncio.timeout(limits.probe),
            HttpClient(profile.base_url, {}, limits.connect) as client,
            client.send(request) as reply,
        ):
            told = parsedate_to_datetime(reply.headers.get("date", ""))
    except (BackendError, TimeoutError, ValueError):
        return None
    return told.timestamp() - clock.now()


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
