"""What kind of server is behind an address: by its host, else by what only it answers."""

import asyncio
from typing import cast

from backends.address import host_of, is_local, root_of
from backends.dialect import Question, WireRequest
from backends.dialects import PROTOCOL, every, types
from backends.discovery import PATIENCE, SIGNS, Answer, Sign
from backends.http import HttpClient
from backends.incoming import Refused
from backends.model_list import read_models
from backends.questions import ask
from roleplay.errors import BadResponse


async def kind_of(client: HttpClient, base_url: str) -> str:
    """A profile's `type`, "openai" for a server that shows only that it speaks the protocol.

    Raises:
        Refused: it answers nothing that any kind would.
        BackendError: it does not answer.
    """
    if service := service_at(base_url):
        return service
    root = root_of(base_url)
    sign = await known_by(client, root)
    if sign:
        return sign.type if sign.type in types() else PROTOCOL
    request = WireRequest(f"{root}/v1/models")
    await ask(client, Question(request, lambda answer: read_models(answer, "")))
    return PROTOCOL


def service_at(base_url: str) -> str:
    """The type of the service with this host, "" where it is none that is known."""
    services = (dialect for dialect in every().values() if not is_local(dialect.base_url))
    host = host_of(base_url)
    return next((each.names[0] for each in services if host_of(each.base_url) == host), "")


async def known_by(client: HttpClient, root: str) -> Sign | None:
    """The first sign that is found there.

    Raises:
        BackendError: nothing answers there at all.
    """
    for sign in SIGNS:
        if await _fits(client, sign, root):
            return sign
    return None


async def _fits(client: HttpClient, sign: Sign, root: str) -> bool:
    def read(answer: object) -> bool:
        return isinstance(answer, dict) and sign.fits(cast("Answer", answer))

    try:
        async with asyncio.timeout(PATIENCE):
            return await ask(client, Question(WireRequest(root + sign.path), read))
    except (BadResponse, Refused, TimeoutError):
        return False
