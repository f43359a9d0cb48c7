"""The playground, open: the whole bot, a pretend Discord around it, and its page."""

import socket
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from simcord import Env

from backends.embedded.models import Progress
from bot.app import open_app
from bot.client import Client
from bot.clock import SystemClock
from bot.config.load import Loaded
from bot.config.models import Config, StorageSection
from bot.playground.preview import LivePreview, require_known_simcord
from bot.playground.world import World, build_world
from roleplay.errors import RoleForgeError
from roleplay.phrases import say

SETTLE_SECONDS = 120.0
"""How long an action of the reader may take, `/profile test` of a slow model being the longest."""


@asynccontextmanager
async def open_playground(
    config: Config, *, port: int = 0, progress: Progress | None = None
) -> AsyncGenerator[LivePreview]:
    """Open it with a data folder of its own, gone at the end. `port` 0 means any.

    Raises:
        RoleForgeError: simcord is not the known one, or an embedded profile cannot be served.
    """
    require_known_simcord()
    _require_free(port)
    with tempfile.TemporaryDirectory(prefix="roleforge-playground-") as folder:
        loaded = _in_folder(config, Path(folder))
        clock = SystemClock()
        async with (
            open_app(loaded, clock=clock, progress=progress) as app,
            _world(app.client, config.chat.character.name or "RoleForge") as world,
            LivePreview(world.env, world.guild.name, world.channels, world.people, port) as page,
        ):
            yield page


@asynccontextmanager
async def _world(client: Client, character: str) -> AsyncGenerator[World]:
    """The pretend Discord with the bot in it, furnished by the bot's own commands."""
    env = Env(client, settle_timeout=SETTLE_SECONDS, check_errors=False)
    world = build_world(env, character)
    await env.start()
    try:
        await world.furnish()
        yield world
    finally:
        await env.shutdown()


def _require_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as exc:
        raise RoleForgeError(
            say("The playground cannot use port {port}: {why}", port=port, why=exc.strerror),
            hint=say("Choose another with --port, or leave it out."),
        ) from exc


def _in_folder(config: Config, folder: Path) -> Loaded:
    kept_there = config.model_copy(update={"storage": StorageSection()})
    return Loaded(kept_there, (), (folder / "config.json",))
