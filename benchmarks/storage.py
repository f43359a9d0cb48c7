"""What a message costs in the database: accept, start and recent, in channels of growing age.

Run by hand: `python -m benchmarks.storage [--messages 1000] [--folder F]`. Figures depend on the
disk: every acknowledged write has been flushed to it.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from roleplay.transcript import IncomingMessage
from storage.open import Stores, open_stores

AGES = (0, 1_000, 100_000)
CHANNEL = 7


def said(number: int) -> IncomingMessage:
    text = f"Message {number}: " + "she looks at the harbour and says nothing. " * 4
    return IncomingMessage(number, CHANNEL, 5, 3, "Ada", text, float(number))


async def grow(stores: Stores, first: int, last: int) -> None:
    for number in range(first, last):
        await stores.transcript.accept(said(number), wants_reply=False)


async def one(stores: Stores, number: int) -> tuple[float, float, float]:
    """Seconds for accept, for start, and for reading the newest 50."""
    times = [time.perf_counter()]
    turn = await stores.transcript.accept(said(number), wants_reply=True)
    times.append(time.perf_counter())
    if turn is None:
        raise SystemExit("the message was known")
    await stores.transcript.start(turn.id)
    times.append(time.perf_counter())
    await stores.transcript.recent(CHANNEL, 50, before_turn=turn.id)
    times.append(time.perf_counter())
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


def show(label: str, seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{label} {statistics.median(ordered) * 1e3:6.2f} / {p95 * 1e3:6.2f} ms"


async def measure(folder: Path, samples: int) -> None:
    print(f"median / p95 of {samples} messages")
    number = 1
    async with open_stores(folder) as stores:
        for age in AGES:
            await grow(stores, number, max(number, age))
            number = max(number, age)
            results = [await one(stores, number + step) for step in range(samples)]
            number += samples
            columns = zip(("accept", "start", "recent 50"), zip(*results, strict=True), strict=True)
            print(f"{age:>7} stored:  " + "   ".join(show(*column) for column in columns))
    began = time.perf_counter()
    async with open_stores(folder):
        print(f"open, with check: {(time.perf_counter() - began) * 1e3:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the database.")
    parser.add_argument("--messages", type=int, default=1000, help="measured at each age")
    parser.add_argument("--folder", type=Path, help="on the disk to measure; must be empty")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        asyncio.run(measure(Path(folder), options.messages))


if __name__ == "__main__":
    main()
