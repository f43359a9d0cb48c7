"""Servers for every profile of the type "embedded", kept alive while the program runs."""

import asyncio
import importlib.util
import logging
import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from backends.embedded.child import Launch
from backends.embedded.models import BUILT_IN, Progress, model_file
from backends.embedded.process import Child
from roleplay.errors import EmbeddedFailed
from roleplay.phrases import say
from roleplay.profiles import ConnectionProfile

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]

EMBEDDED = "embedded"

SLOTS = 2
"""Replies written at the same time by one server."""

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds before the restarts of a server that keeps crashing; the last one is repeated."""

LONG_LIFE = 60.0
"""Seconds after which a crash is no longer counted with the one before."""


@asynccontextmanager
async def embedded_servers(
    profiles: Mapping[str, ConnectionProfile],
    models: Path | None = None,
    progress: Progress | None = None,
) -> AsyncGenerator[dict[str, ConnectionProfile]]:
    """Start one server for each model that embedded profiles name; yield the profiles filled in.

    Profiles of other types pass unchanged. `models` is the folder of the built-in model (None: the
    user's cache); `progress` is called while it is fetched.

    Raises:
        EmbeddedFailed: engine or model file is missing, or a model does not load.
    """
    async with AsyncExitStack() as stack:
        files = await _model_files(profiles, models, progress)
        servers = {
            file: await stack.enter_async_context(serving(file, window))
            for file, window in _windows(profiles, files).items()
        }
        yield {
            name: servers[files[name]].fill_in(profile) if name in files else profile
            for name, profile in profiles.items()
        }


class EmbeddedServer:
    """One model behind one address and key, whichever process serves it at the moment."""

    def __init__(self, launch: Launch, child: Child, sleep: Sleep) -> None:
        self._launch = launch
        self._sleep = sleep
        self.child = child

    @property
    def url(self) -> str:
        return f"{self.child.address}/v1"

    def fill_in(self, profile: ConnectionProfile) -> ConnectionProfile:
        return profile.model_copy(
            update={
                "base_url": self.url,
                "api_key": SecretStr(self._launch["key"]),
                "model": self._launch["alias"],
            }
        )

    async def keep(self) -> None:
        """Restart the child whenever it ends. Runs until cancelled."""
        crashes = 0
        while True:
            started = asyncio.get_running_loop().time()
            code = await self.child.wait()
            lived = asyncio.get_running_loop().time() - started
            crashes = 1 if lived > LONG_LIFE else crashes + 1
            log.warning("the server of %s ended with code %s", self._launch["alias"], code)
            crashes = await self._restart(crashes)

    async def _restart(self, crashes: int) -> int:
        while True:
            await self._sleep(PAUSES[min(crashes, len(PAUSES)) - 1])
            try:
                self.child = await Child.start(self._launch)
            except EmbeddedFailed as failed:
                crashes += 1
                log.error("%s %s", failed, failed.hint)  # noqa: TRY400  # the cause is another process
            else:
                return crashes


def require_engine() -> None:
    """Raises `EmbeddedFailed` where llama.cpp is not installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise EmbeddedFailed(
            say("An embedded profile needs llama.cpp, which is not installed."),
            hint=say('Run: pip install "roleforge[embedded]" (34 MB).'),
        )


async def _model_files(
    profiles: Mapping[str, ConnectionProfile], models: Path | None, progress: Progress | None
) -> dict[str, Path]:
    embedded = {name: profile for name, profile in profiles.items() if profile.type == EMBEDDED}
    if embedded:
        require_engine()
    return {
        name: await model_file(profile.model, models, progress)
        for name, profile in embedded.items()
    }


def _windows(
    profiles: Mapping[str, ConnectionProfile], files: Mapping[str, Path]
) -> dict[Path, int]:
    """The widest window asked of each model."""
    windows: dict[Path, int] = {}
    for name, file in files.items():
        windows[file] = max(windows.get(file, 0), profiles[name].window)
    return windows


@asynccontextmanager
async def serving(
    file: Path, window: int, sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[EmbeddedServer]:
    """Serve one model file with `window` tokens for each reply; restart it when it crashes."""
    launch = _launch(file, window)
    child = await Child.start(launch)
    launch["port"] = int(child.address.rpartition(":")[2])  # a restarted child keeps its address
    server = EmbeddedServer(launch, child, sleep)
    keeper = asyncio.create_task(server.keep())
    try:
        yield server
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        await server.child.end()


def _launch(file: Path, window: int) -> Launch:
    return Launch(
        model=str(file),
        alias=BUILT_IN.name if file.name == BUILT_IN.file else file.stem,
        port=0,
        key=secrets.token_urlsafe(32),
        context=window,
        slots=SLOTS,
        threads=max(1, (os.cpu_count() or 1) - 1),
    )
