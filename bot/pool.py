"""The backend layer as the program opens it: servers of our own first, then the pool over all."""

import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from backends.embedded.models import Progress
from backends.embedded.servers import embedded_servers
from backends.pool import Pool
from roleplay.ports import Clock
from roleplay.profiles import ConnectionProfile


@asynccontextmanager
async def open_pool(
    profiles: Mapping[str, ConnectionProfile],
    *,
    clock: Clock,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> AsyncGenerator[Pool]:
    """A pool over these profiles; embedded ones run until the block ends.

    `deadline` is the config's `chat.deadline`; `progress` is told of a model that is fetched.

    Raises:
        EmbeddedFailed: an embedded profile does not start.
    """
    async with (
        embedded_servers(profiles, progress=progress) as served,
        Pool(
            served,
            clock=clock,
            rng=random.Random(),
            deadline=deadline,
        ) as pool,
    ):
        yield pool
