import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from backends.embedded.models import model_file
from backends.embedded.servers import PAUSES, embedded_servers, serving
from roleplay.errors import EmbeddedFailed
from roleplay.profiles import ConnectionProfile

EMBEDDED = ConnectionProfile(type="embedded")


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    while not await holds():  # noqa: ASYNC110  # another process sets no event here
        await asyncio.sleep(0.05)


async def ask(profile: ConnectionProfile, key: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=profile.base_url, timeout=30) as client:
        return await client.post(
            "/chat/completions",
            json={
                "model": profile.model,
                "messages": [{"role": "user", "content": "Hello!"}],
                "max_tokens": 8,
            },
            headers={"Authorization": f"Bearer {key}"},
        )


async def is_up(url: str) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{url.removesuffix('/v1')}/health")).is_success
    except httpx.HTTPError:
        return False


async def test_an_embedded_profile_is_answered_by_a_model_on_this_machine(
    llama_server: ConnectionProfile,
) -> None:
    assert llama_server.api_key
    response = await ask(llama_server, llama_server.api_key.get_secret_value())
    assert response.json()["choices"][0]["message"]["content"]


async def test_nobody_without_the_key_is_answered(llama_server: ConnectionProfile) -> None:
    assert (await ask(llama_server, "guess")).status_code == httpx.codes.UNAUTHORIZED


async def test_profiles_with_the_same_model_share_a_server_and_others_stay_as_they_are() -> None:
    cloud = ConnectionProfile(type="openai", model="gpt")
    profiles = {"small": EMBEDDED, "same": EMBEDDED, "cloud": cloud}
    async with embedded_servers(profiles) as ready:
        assert ready["small"] == ready["same"]
        assert ready["small"].base_url.startswith("http://127.0.0.1:")
        assert ready["cloud"] is cloud
        assert await is_up(ready["small"].base_url)
    assert not await is_up(ready["small"].base_url)


async def test_a_crashed_server_comes_back_at_the_same_address() -> None:
    async with serving(await model_file(""), 512) as server:
        url, crashed = server.url, server.child.pid
        os.kill(crashed, signal.SIGKILL)
        await until(lambda: asyncio.sleep(0, server.child.pid != crashed))
        assert server.url == url
        assert await is_up(url)


async def test_a_server_that_keeps_crashing_is_restarted_with_growing_pauses(
    tmp_path: Path,
) -> None:
    file = tmp_path / "model.gguf"
    file.symlink_to(await model_file(""))
    pauses: list[float] = []
    enough = asyncio.Event()

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == len(PAUSES) + 1:
            enough.set()
            await asyncio.Event().wait()

    async with serving(file, 512, sleep=note) as server:
        file.unlink()
        os.kill(server.child.pid, signal.SIGKILL)
        await enough.wait()
    assert pauses == [*PAUSES, PAUSES[-1]]


async def test_a_server_ends_when_the_program_that_started_it_is_killed() -> None:
    story = (
        "import asyncio, os, signal\n"
        "from backends.embedded.servers import embedded_servers\n"
        "from roleplay.profiles import ConnectionProfile\n"
        "async def main():\n"
        "    async with embedded_servers({'a': ConnectionProfile(type='embedded')}) as ready:\n"
        "        print(ready['a'].base_url, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", story, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    url = said.decode().strip()
    assert url.startswith("http://127.0.0.1:")

    async def is_gone() -> bool:
        return not await is_up(url)

    await until(is_gone)


async def test_a_file_that_is_no_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "novel.gguf"
    file.write_text("It was a dark and stormy night.")
    profile = ConnectionProfile(type="embedded", model=str(file))
    with pytest.raises(EmbeddedFailed, match=r"novel\.gguf could not be loaded") as failed:
        async with embedded_servers({"a": profile}):
            pass
    assert ".gguf" in failed.value.hint


async def test_without_the_engine_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(EmbeddedFailed) as failed:
        async with embedded_servers({"a": EMBEDDED}):
            pass
    assert "pip install" in failed.value.hint


async def test_without_embedded_profiles_no_engine_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    cloud = {"cloud": ConnectionProfile(type="openai")}
    async with embedded_servers(cloud) as ready:
        assert ready == cloud
