"""How long a turn's memory takes in a long channel: python -m benchmarks.recall [MESSAGES]."""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from roleplay.memory.recall import ranked, told
from roleplay.memory.terms import terms_of
from roleplay.transcript import StoredMessage
from storage.database import Database
from storage.memory import SqlMemory
from storage.migrate import migrate, shipped
from storage.search import SqlMoments

CHANNEL, RUNS, WORDS, LENGTH = 1, 200, 20_000, 40


async def main(count: int) -> None:
    rng = random.Random(1)
    words = [f"{rng.choice('bcdfgklmnprstvz')}{number:x}word" for number in range(WORDS)]
    weights = [1 / (rank + 1) for rank in range(WORDS)]  # Zipf's law
    texts = [" ".join(rng.choices(words, weights, k=LENGTH)) for _ in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        async with Database.open(Path(folder) / "bench.db") as database:
            await migrate(database, shipped())
            filled = await fill(database, texts)
            print(f"{count} messages: filled in {filled:.1f} s")
            await database.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # as it is after a while
            times = [await once(database, texts, count, rng) for _ in range(RUNS)]
    ordered = sorted(times)
    print(f"summary and recall: median {statistics.median(times):.2f} ms,", end=" ")
    print(f"p95 {ordered[int(RUNS * 0.95)]:.2f} ms, most {ordered[-1]:.2f} ms")


async def fill(database: Database, texts: list[str]) -> float:
    began = time.perf_counter()
    async with database.transaction() as transaction:
        await transaction.run_many(
            """
            INSERT INTO messages (channel_id, guild_id, position, role, author_id, author_name,
                text, created_at) VALUES (?, 1, ?, 'user', 1, 'Ann', ?, 0)
            """,
            [(CHANNEL, position, text) for position, text in enumerate(texts, 1)],
        )
    return time.perf_counter() - began


async def once(database: Database, texts: list[str], count: int, rng: random.Random) -> float:
    """Milliseconds: from three messages to the text that is put into the prompt."""
    memory, moments = SqlMemory(database), SqlMoments(database)
    newest = [
        StoredMessage(count, CHANNEL, "user", 1, "Ann", rng.choice(texts), 0.0) for _ in range(3)
    ]
    began = time.perf_counter()
    await memory.of(CHANNEL)
    order = ranked(await moments.hits(CHANNEL, terms_of(newest), max(count - 400, 1)))
    if order:
        told(await moments.read(CHANNEL, order), order, 200)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
