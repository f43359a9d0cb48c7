"""A `Pool` over `QueueServer`s on a virtual clock."""

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from backends.pool import Pool
from fakes.clock import VirtualClock
from fakes.server import Counter, QueueServer
from roleplay.chat import ChatReply
from roleplay.collect import collect
from roleplay.ports import Clock
from roleplay.profiles import ConnectionProfile
from roleplay.prompt import REQUIRED, Block, Prompt

HELLO = Prompt((Block("message", "user", "Hello?", REQUIRED),))


def cloud(*fallbacks: str, **fields: object) -> ConnectionProfile:
    data = {"baseURL": "https://llm.example/v1", "fallbackProfiles": fallbacks, **fields}
    return ConnectionProfile.model_validate(data)


class Stage:
    """`servers[name]` is the newest server of a profile; `opened` are all there ever were.

    Servers that open while `tokenizer` is set count with it.
    """

    def __init__(self, **profiles: ConnectionProfile) -> None:
        self.clock = VirtualClock()
        self.tokenizer: Counter | None = None
        self.servers: dict[str, QueueServer] = {}
        self.opened: list[QueueServer] = []
        self.pool = Pool(
            profiles, clock=self.clock, rng=random.Random(7), open_server=self._open_server
        )

    def _open_server(self, profile: ConnectionProfile, clock: Clock) -> QueueServer:
        server = QueueServer(profile, clock)
        server.tokenizer = self.tokenizer
        self.servers[profile.name] = server
        self.opened.append(server)
        return server

    async def ask(self, name: str, prompt: Prompt = HELLO, seconds: float = 120.0) -> ChatReply:
        deadline = self.clock.monotonic() + seconds
        return await collect(self.pool.chain(name).stream(prompt, deadline))

    def asked(self) -> dict[str, int]:
        """Requests that each server got."""
        return {name: len(server.requests) for name, server in self.servers.items()}


@asynccontextmanager
async def stage(**profiles: ConnectionProfile) -> AsyncGenerator[Stage]:
    played = Stage(**profiles)
    async with played.pool:
        yield played
