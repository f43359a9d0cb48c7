"""How long the search among a full channel's vectors takes: python -m benchmarks.vectors [SIZE]."""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from roleplay.memory.likeness import Learnt
from roleplay.memory.nearness import by_cosine, signs, standing_out
from roleplay.ports import Vector
from storage.database import Database
from storage.migrate import migrate, shipped
from storage.vectors import KEPT, SqlVectors

CHANNEL, RUNS, BEYOND = 1, 50, 2**31


async def main(size: int) -> None:
    rng = random.Random(1)
    made = [tuple(rng.gauss(0, 1) for _ in range(size)) for _ in range(KEPT)]
    with tempfile.TemporaryDirectory() as folder:
        async with Database.open(Path(folder) / "bench.db") as database:
            await migrate(database, shipped())
            vectors = SqlVectors(database)
            await fill(database, vectors, made)
            ordered = sorted([await once(vectors, rng.choice(made)) for _ in range(RUNS)])
    began = time.perf_counter()
    by_cosine(made[0], dict(enumerate(made)), 5)
    whole = (time.perf_counter() - began) * 1000
    print(f"{KEPT} vectors of {size} numbers: median {statistics.median(ordered):.1f} ms,", end=" ")
    print(f"most {ordered[-1]:.1f} ms; every vector in full would take {whole:.0f} ms")


async def fill(database: Database, vectors: SqlVectors, made: list[Vector]) -> None:
    async with database.transaction() as transaction:
        await transaction.run_many(
            """
            INSERT INTO messages (channel_id, guild_id, position, role, author_id, author_name,
                text, created_at) VALUES (?, 1, ?, 'user', 1, 'Ann', 'Hi', 0)
            """,
            [(CHANNEL, position) for position in range(1, len(made) + 1)],
        )
    await vectors.save(CHANNEL, "m", [Learnt(at, "Hi", each) for at, each in enumerate(made, 1)])


async def once(vectors: SqlVectors, wanted: Vector) -> float:
    """Milliseconds: from the vector of the newest messages to the ids of what is near."""
    began = time.perf_counter()
    rows = await vectors.signs(CHANNEL, "m", BEYOND, len(wanted))
    by_cosine(wanted, await vectors.read(standing_out(signs(wanted), rows), "m"), 5)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 384))
