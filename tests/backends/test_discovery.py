import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from backends.discovery import SIGNS, FoundServer, Sign, find_servers
from roleplay.profiles import ConnectionProfile

MODELS = json.dumps({"object": "list", "data": [{"id": "mistral"}, {"id": "llama"}]})

REAL = {
    "KoboldCpp": {"result": "KoboldCpp", "version": "1.112"},
    "Ollama": {"version": "0.20.1"},
    "LM Studio": {"object": "list", "data": [{"id": "mistral", "state": "loaded"}]},
    "llama.cpp": {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 1},
    "text-generation-webui": {"status": "ok"},
    "vLLM": {"version": "0.32.0"},
    "TabbyAPI": {"version": 0.1, "software": {"name": "TabbyAPI"}},
    "LiteLLM": {"status": "connected", "litellm_version": "1.90.0"},
    "TGI": {"model_id": "mistral", "max_total_tokens": 4096},
}


LLAMA = next(sign for sign in SIGNS if sign.type == "llamacpp")


@asynccontextmanager
async def server(pages: Mapping[str, str]) -> AsyncGenerator[int]:
    """A loopback server with these JSON pages; 404 for any other."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = pages.get(request.split(" ")[1])
        status, text = ("200 OK", body) if body is not None else ("404 Not Found", "{}")
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        writer.write((head + text).encode())
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
async def test_each_kind_of_server_is_known_by_its_own_answer(sign: Sign) -> None:
    pages = {"/v1/models": MODELS, sign.path: json.dumps(REAL[sign.name])}
    async with server(pages) as port:
        found = await find_servers([replace(sign, port=port)])
    url = f"http://127.0.0.1:{port}/v1"
    assert found == [FoundServer(sign.name, url, ("mistral", "llama"), sign.type)]
    assert found[0].profile("llama") == ConnectionProfile(
        type=sign.type, baseURL=url, model="llama"
    )


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
async def test_another_program_on_the_same_port_is_not_taken_for_it(sign: Sign) -> None:
    pages = {"/v1/models": MODELS, sign.path: '{"error": "Unexpected endpoint"}'}
    async with server(pages) as port:
        assert await find_servers([replace(sign, port=port)]) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<html>hello</html>", id="a web page"),
        pytest.param("[]", id="a list"),
        pytest.param('{"version": "1", "x": "' + "x" * 2_000_000 + '"}', id="too long"),
    ],
)
async def test_an_answer_of_any_other_shape_is_no_server(text: str) -> None:
    ollama = SIGNS[1]
    async with server({"/v1/models": MODELS, ollama.path: text}) as port:
        assert await find_servers([replace(ollama, port=port)]) == []


async def test_a_server_without_models_is_not_offered() -> None:
    ollama = SIGNS[1]
    pages = {"/v1/models": '{"data": null}', ollama.path: json.dumps(REAL["Ollama"])}
    async with server(pages) as port:
        assert await find_servers([replace(ollama, port=port)]) == []


async def test_a_port_where_nobody_listens_is_passed_over() -> None:
    async with server({}) as port:
        pass
    assert await find_servers([replace(SIGNS[0], port=port)]) == []


async def test_a_server_that_asks_for_a_key_is_not_offered(
    llama_server: ConnectionProfile,
) -> None:
    port = httpx.URL(llama_server.base_url).port
    assert port
    assert await find_servers([replace(LLAMA, port=port)]) == []
