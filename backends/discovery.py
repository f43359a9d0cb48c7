"""LLM servers that already run on this machine, known by the shape of what they answer."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx

from roleplay.profiles import ConnectionProfile

PATIENCE = 1.0
"""Seconds for each sign, and for all that an unknown server is asked while it is looked for."""

LARGEST = 1 << 20
"""Bytes of an answer that are read; a list of models is far smaller."""

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sign:
    """Where a kind of server listens by default, and what only it answers there.

    `type` is a profile's.
    """

    type: str
    name: str
    port: int
    path: str
    fits: Callable[[Answer], bool]


SETTINGS = "default_generation_settings"


def _of(value: object) -> Answer:
    return cast("Answer", value) if isinstance(value, dict) else {}


def _have_states(data: object) -> bool:
    """LM Studio's own list says of each model whether it is loaded."""
    entries = cast("list[object]", data) if isinstance(data, list) else [None]
    return all("state" in _of(entry) for entry in entries)


SIGNS = (
    Sign(
        "koboldcpp",
        "KoboldCpp",
        5001,
        "/api/extra/version",
        lambda said: said.get("result") == "KoboldCpp",
    ),
    Sign(
        "ollama", "Ollama", 11434, "/api/version", lambda said: isinstance(said.get("version"), str)
    ),
    Sign("llamacpp", "llama.cpp", 8080, "/props", lambda said: SETTINGS in said),
    Sign(
        "textgen",
        "text-generation-webui",
        5000,
        "/v1/internal/health",
        lambda said: said.get("status") == "ok",
    ),
    Sign(
        "lmstudio", "LM Studio", 1234, "/api/v0/models", lambda said: _have_states(said.get("data"))
    ),
    Sign("vllm", "vLLM", 8000, "/version", lambda said: isinstance(said.get("version"), str)),
    Sign(
        "tabbyapi",
        "TabbyAPI",
        5000,
        "/.well-known/serviceinfo",
        lambda said: _of(said.get("software")).get("name") == "TabbyAPI",
    ),
    Sign("litellm", "LiteLLM", 4000, "/health/readiness", lambda said: "litellm_version" in said),
    Sign("huggingface", "TGI", 8080, "/info", lambda said: "max_total_tokens" in said),
)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered, and the names of its models. `type` is a profile's."""

    name: str
    url: str
    models: tuple[str, ...]
    type: str = "openai"

    def profile(self, model: str) -> ConnectionProfile:
        return ConnectionProfile(type=self.type, baseURL=self.url, model=model)


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
    return FoundServer(sign.name, f"{root}/v1", _names(listed), sign.type)


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
    return _of(said)


def _names(listed: Answer) -> tuple[str, ...]:
    data = listed.get("data")
    entries = cast("list[Any]", data) if isinstance(data, list) else []
    return tuple(
        str(cast("Answer", entry)["id"])
        for entry in entries
        if isinstance(entry, dict) and "id" in entry
    )
