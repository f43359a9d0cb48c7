"""A year of probes for 20 profiles: how large is the database, and how long does `/status` read?

Run by hand: `python -m benchmarks.health_year [--profiles 20]`. Two hours are probed one by
one through the real store; the year before is written as the sums that it would have left.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from roleplay.health import HealthState, Outcome
from roleplay.history import KEPT, SECONDS, Span, Traffic, begin
from storage.database import Database
from storage.health import SqlHealth
from storage.history import SqlHistory
from storage.open import FILE_NAME, open_stores

NOW = 1_800_000_000.0
DAY = 86400
PROBED = 120
"""Minutes that are probed one by one."""


async def fill(database: Database, profiles: list[str], dice: random.Random) -> float:
    """Seconds that one probe's storing took, in the mean."""
    for span, kept in KEPT.items():
        for profile in profiles:
            await _sums(database, span, kept, profile, dice)
    started = time.perf_counter()
    for minute in range(PROBED):
        for profile in profiles:
            at = NOW - (PROBED - minute) * 60
            outcome = Outcome(at, "ok" if dice.random() < 0.99 else "failed", 0.05)
            await SqlHealth(database).save(HealthState(profile, "up"), outcome, None)
    return (time.perf_counter() - started) / (PROBED * len(profiles))


async def _sums(
    database: Database, span: Span, kept: int, profile: str, dice: random.Random
) -> None:
    seconds = SECONDS[span]
    rows = [
        (span, at, profile, seconds // 60, dice.randrange(3), dice.randrange(20), 9.5)
        for at in range(begin(NOW - kept, "day"), int(NOW), seconds)
    ]
    async with database.transaction() as transaction:
        await transaction.run_many(
            """
            INSERT OR IGNORE INTO health_history (span, at, profile, ok, failed, answered, total)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            rows,
        )


async def read(database: Database) -> float:
    """Seconds to read all that `/status` shows of the past."""
    history = SqlHistory(database)
    started = time.perf_counter()
    await history.windows(NOW)
    await history.series("hour", NOW - DAY)
    await SqlHealth(database).incidents(limit=50)
    return time.perf_counter() - started


def size_of(folder: Path) -> int:
    """Bytes of the closed database."""
    return sum(file.stat().st_size for file in folder.glob(f"{FILE_NAME}*"))


async def main(count: int) -> None:
    profiles = [f"profile-{number}" for number in range(count)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_stores(folder):
            pass
        async with Database.open(folder / FILE_NAME) as database:
            each = await fill(database, profiles, random.Random(1))
            times = [await read(database) for _ in range(50)]
            minute = [Traffic(name, int(NOW), 5, 0, 10.0, 5, 2.0) for name in profiles]
            started = time.perf_counter()
            await SqlHistory(database).add(minute, NOW)
            added = time.perf_counter() - started
            rows = (await database.rows("SELECT COUNT(*) FROM health_history"))[0][0]
        size = size_of(folder)
    print(f"{count} profiles, a year: {rows:,} rows, {size / 1e6:.1f} MB in all")
    print(f"what /status reads: {statistics.median(times) * 1000:.1f} ms (median of 50)")
    print(f"storing one probe: {each * 1000:.2f} ms; a minute's traffic: {added * 1000:.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=20)
    asyncio.run(main(parser.parse_args().profiles))
