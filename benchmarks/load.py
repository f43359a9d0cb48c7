"""A busy bot under Discord's own limits: 50 requests a second, 5 per 5 seconds in a channel.

Usage: `python benchmarks/load.py [--json] [--channels 50] [--each 20]`
"""

import argparse
import asyncio
import json
from typing import Any

from overhead import rate
from rig import BARE, ROLEFORGE, Kind, Limits, Reply, quantile, running, scratch

PATIENCE = 45.0
"""Seconds after which an answer counts as lost and the channel goes on."""


async def measure(kind: Kind, channels: int, each: int) -> dict[str, Any]:
    limits = Limits()
    reply = Reply(first=0.2, gap=0)
    async with (
        scratch() as folder,
        running(kind, folder, channels=channels, limits=limits, reply=reply) as rig,
    ):
        await asyncio.sleep(3)
        await asyncio.gather(*(rig.talk(room, each, PATIENCE) for room in rig.channels))
        lives = list(rig.lives.values())
        memory = rig.program.memory_mib
    waits = [life.final - life.said for life in lives if life.final]
    return {
        "bot": kind.name,
        "messages per second": rate(lives),
        "answers lost": len(lives) - len(waits),
        "429s": limits.refused,
        "median seconds": quantile(waits, 0.5),
        "p95 seconds": quantile(waits, 0.95),
        "longest seconds": max(waits, default=float("nan")),
        "memory MiB": memory,
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--each", type=int, default=20)
    options = parser.parse_args()
    runs = [await measure(kind, options.channels, options.each) for kind in (BARE, ROLEFORGE)]
    if options.json:
        print(json.dumps(runs, indent=2))
        return
    for name, *values in zip(runs[0], *(run.values() for run in runs), strict=True):
        cells = [value if isinstance(value, str) else f"{value:.1f}" for value in values]
        print(f"{name:22}", *(f"{text:>12}" for text in cells))


if __name__ == "__main__":
    asyncio.run(main())
