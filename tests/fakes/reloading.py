"""A `Reloader` over a real file and a real pool; Discord's side only notes what it is told."""

import json
import random
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from backends.pool import Pool
from bot.clock import SystemClock
from bot.config.load import load
from bot.config.models import Config
from bot.reloading.changes import Changes
from bot.reloading.reloader import Reloader

Json = dict[str, Any]


class Shelf:
    """Profiles kept in memory."""

    def __init__(self, **bodies: Json) -> None:
        self.bodies: dict[str, Json] = bodies

    async def all(self) -> dict[str, Json]:
        return dict(self.bodies)

    async def save(
        self, name: str, body: Mapping[str, JsonValue], *, by: int | None = None
    ) -> None:
        del by
        self.bodies[name] = dict(body)

    async def remove(self, name: str) -> bool:
        return self.bodies.pop(name, None) is not None


@dataclass
class Noting:
    configs: list[Config] = field(default_factory=list[Config])
    secrets: set[str] = field(default_factory=set[str])
    settled: list[Changes] = field(default_factory=list[Changes])

    def take(self, config: Config, secrets: Collection[str]) -> None:
        self.configs.append(config)
        self.secrets.update(secrets)

    async def settle(self, changes: Changes) -> None:
        self.settled.append(changes)


@dataclass
class Desk:
    """`write` changes the file; `env` is the environment."""

    file: Path
    env: dict[str, str]
    shelf: Shelf
    noting: Noting
    pool: Pool
    reloader: Reloader

    def write(self, config: Json | str) -> None:
        write(self.file, config)


def write(file: Path, config: Json | str) -> None:
    file.write_text(config if isinstance(config, str) else json.dumps(config), "utf-8")


@asynccontextmanager
async def desk(folder: Path, config: Json, **bodies: Json) -> AsyncGenerator[Desk]:
    file, env, shelf, noting = folder / "config.json", dict[str, str](), Shelf(**bodies), Noting()
    write(file, config)
    loaded = load(file, env)
    async with Pool(loaded.config.profiles, clock=SystemClock(), rng=random.Random(1)) as pool:
        reloader = Reloader(loaded, shelf, pool, noting)
        await reloader.restore()
        yield Desk(file, env, shelf, noting, pool, reloader)
