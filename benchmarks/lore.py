"""What lorebooks cost in every reply: a scan, and making a book ready after it was read.

Run by hand: `python -m benchmarks.lore [--scans 300] [--json]`. The text is 10 KB in two messages,
of which thirty entries fire; the books have ten keys for each entry, all different.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable

from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.compiled import Library
from roleplay.lorebooks.result import ScanResult
from roleplay.lorebooks.scan import scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Line, Surroundings
from roleplay.tokens import Ratios, estimate, weigh

SIZES = (0, 200, 2_000, 10_000)
KEYS = 10
FIRING = 30
CHARACTERS = 5_000
WINDOW = 32_768


def world(entries: int) -> Lorebook:
    return Lorebook(
        "World",
        tuple(
            LoreEntry(
                uid,
                keys=tuple(f"name{uid * KEYS + at}" for at in range(KEYS)),
                content=f"Of thing {uid} it is told that it lies by the sea and is very old.",
            )
            for uid in range(entries)
        ),
    )


def chat(entries: int) -> Surroundings:
    rng = random.Random(1)
    names = [f"name{rng.randrange(max(entries, 1) * KEYS)}" for _ in range(FIRING)]
    prose = "she looks at the harbour and says nothing, for the tide is late again. "
    lines = [Line((" ".join(names[half::2]) + prose * 99)[:CHARACTERS], "Ada") for half in (0, 1)]
    return Surroundings(lines=lines)


def timed(action: Callable[[], ScanResult]) -> tuple[float, ScanResult]:
    began = time.perf_counter()
    result = action()
    return (time.perf_counter() - began) * 1e3, result


def tokens(text: str) -> int:
    return estimate(weigh(text), Ratios())


def measure(entries: int, scans: int) -> dict[str, float]:
    book, around, library = world(entries), chat(entries), Library()

    def once() -> ScanResult:
        return scan(
            [(book, "global")],
            around,
            LoreSettings(),
            {},
            window=WINDOW,
            roll=random.Random(1),
            count=tokens,
            library=library,
        )

    first, found = timed(once)
    times = sorted(timed(once)[0] for _ in range(scans))
    return {
        "entries": entries,
        "fired": len(found.activated),
        "first_ms": round(first, 3),
        "median_ms": round(statistics.median(times), 3),
        "p95_ms": round(times[int(scans * 0.95)], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the scan of lorebooks.")
    parser.add_argument("--scans", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [measure(entries, options.scans) for entries in SIZES]
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print("   ".join(f"{name} {value:>8}" for name, value in row.items()))


if __name__ == "__main__":
    main()
