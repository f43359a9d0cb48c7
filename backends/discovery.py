"""LLM servers that already run on this machine, known by the shape of what they answer."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx

from roleplay.profiles import ConnectionProfile

PATIENCE = 1.0
"""Seconds for each server, all its questions together."""

LARGEST = 1 << 20
"""Bytes of an answer that are read; a list of models is far smaller."""

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sign:
    """Where a kind of server listens by default, and what only it answers there."""

    name: str
    port: int
    path: str
    fits: Callable[[Answer], bool]


SIGNS = (
    Sign("KoboldCpp", 5001, "/api/extra/version", lambda said: said.get("result") == "KoboldCpp"),
    Sign("Ollama", 11434, "/api/version", lambda said: isinstance(said.get("version"), str)),
    Sign("LM Studio", 1234, "/api/v0/models", lambda said: isinstance(said.get("data"), list)),
    Sign("llama.cpp", 8080, "/props", lambda said: "default_generation_settings" in said),
    Sign(
        "text-generation-webui",
        5000,
        "/v1/internal/health",
        lambda said: said.get("status") == "ok",
    ),
    Sign("vLLM", 8000, "/version", lambda said: isinstance(said.get("version"), str)),
)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered, and the names of its models."""

    name: str
    url: str
    models: tuple[str, ...]

    def profile(self, model: str) -> ConnectionProfile:
        """All kinds speak OpenAI's protocol, so one type does for each."""
        return ConnectionProfile(type="openai", baseURL=self.url, model=model)


async def find_servers(signs: Sequence[Sign] = SIGNS) -> list[FoundServer]:
    """Ask every place at once; servers without a model to talk to are left out."""
    async with httpx.AsyncClient(trust_env=False) as client:
        found = await asyncio.gather(*(_look(client, sign) for sign in signs))
    return [server for server in found if server and server.models]


async def _look(client: httpx.AsyncClient, sign: Sign) -> FoundServer | None:
    root = f"http://127.0.0.1:{sign.port}"
    try:
        async with asyncio.timeout(PATIENCE):
            if not sign.fits(await _ask(client, root + sign.path)):
                return None
            listed = await _ask(client, f"{root}/v1/models")
    except (httpx.HTTPError, TimeoutError):
        return None
    return FoundServer(sign.name, f"{root}/v1", _names(listed))


async def _ask(client: httpx.AsyncClient, url: str) -> Answer:
    """The JSON object at `url`; an empty one where something else is there."""
    body = b""
    async with client.stream("GET", url) as response:
        async for block in response.aiter_bytes():
            body += block
            if len(body) > LARGEST:
                return {}
    try:
        said: Any = json.loads(body) if response.is_success else {}
    except ValueError:
        return {}
    return cast("Answer", said) if isinstance(said, dict) else {}


def _names(listed: Answer) -> tuple[str, ...]:
    data = listed.get("data")
    entries = cast("list[Any]", data) if isinstance(data, list) else []
    return tuple(
        str(cast("Answer", entry)["id"])
        for entry in entries
        if isinstance(entry, dict) and "id" in entry
    )
