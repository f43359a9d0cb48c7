"""What a bot adds to the wait for the model, beside a bare discord.py + httpx bot on the same rig.

Usage: `python benchmarks/overhead.py [--json] [--stored 0 10000 100000] [--messages 100]`
"""

import argparse
import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path

from rig import BARE, ROLEFORGE, Kind, Life, Reply, quantile, running, scratch

CHANNELS, EACH = 50, 20
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds unless the name says otherwise."""

    bot: str
    stored: int
    start_to_identify: float
    received_to_asked_median: float
    received_to_asked_p95: float
    first_token_to_shown_median: float
    first_token_to_shown_p95: float
    last_token_to_final_median: float
    last_token_to_final_p95: float
    cpu_seconds_per_1000: float = 0.0
    messages_per_second: float = 0.0
    idle_mib: float = 0.0
    after_mib: float = 0.0
    lost: int = 0


async def latency(kind: Kind, folder: Path, stored: int, messages: int) -> Figures:
    """One channel, one message after another."""
    async with running(kind, folder, stored=stored) as rig:
        await asyncio.sleep(3)  # let what follows READY settle, as in life
        idle = rig.program.memory_mib
        start = rig.discord.gateway.identifies[0].at - rig.program.started_at
        await rig.talk(rig.channels[0], WARM_UP + messages)
        lives = list(rig.lives.values())[WARM_UP:]
    whole = [life for life in lives if life.final]
    asked = [life.asked - life.said for life in whole]
    shown = [life.shown - life.first_token for life in whole]
    final = [life.final - life.last_token for life in whole]
    pairs = [
        quantile(times, share) * 1000 for times in (asked, shown, final) for share in (0.5, 0.95)
    ]
    return Figures(
        kind.name, stored, start * 1000, *pairs, idle_mib=idle, lost=len(lives) - len(whole)
    )


async def throughput(kind: Kind, folder: Path, figures: Figures) -> Figures:
    """Many channels at once, without Discord's limits."""
    reply = Reply(first=0.2, gap=0)
    async with running(kind, folder, channels=CHANNELS, stored=figures.stored, reply=reply) as rig:
        await asyncio.sleep(3)
        await rig.talk(rig.channels[0], WARM_UP)
        cpu = rig.program.cpu_seconds
        await asyncio.gather(*(rig.talk(channel, EACH) for channel in rig.channels))
        cpu = rig.program.cpu_seconds - cpu
        lives = list(rig.lives.values())[WARM_UP:]
        after = rig.program.memory_mib
    return replace(
        figures,
        cpu_seconds_per_1000=cpu / len(lives) * 1000,
        messages_per_second=rate(lives),
        after_mib=after,
        lost=figures.lost + sum(not life.final for life in lives),
    )


def rate(lives: list[Life]) -> float:
    """Whole answers a second, from the first message to the last answer."""
    ends = [life.final for life in lives if life.final]
    return len(ends) / (max(ends) - lives[0].said) if ends else 0.0


async def measure(kind: Kind, stored: int, messages: int) -> Figures:
    async with scratch() as folder:
        figures = await latency(kind, folder, stored, messages)
    async with scratch() as folder:
        return await throughput(kind, folder, figures)


def table(bare: Figures, others: list[Figures]) -> str:
    """A row for each figure: the bare bot, then each RoleForge run with its ratio to it."""
    heads = [f"RoleForge, {figures.stored:,} stored" for figures in others]
    lines = [["", "bare bot", *heads]]
    for name in Figures.__dataclass_fields__:
        if name in ("bot", "stored"):
            continue
        base = float(getattr(bare, name))
        cells = [cell(float(getattr(figures, name)), base) for figures in others]
        lines.append([name.replace("_", " "), f"{base:.1f}", *cells])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines
    )


def cell(value: float, base: float) -> str:
    return f"{value:.1f} (x{value / base:.2f})" if base else f"{value:.1f}"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--stored", type=int, nargs="*", default=[0, 10_000, 100_000])
    parser.add_argument("--messages", type=int, default=100)
    options = parser.parse_args()
    bare = await measure(BARE, 0, options.messages)
    ours = [await measure(ROLEFORGE, stored, options.messages) for stored in options.stored]
    if options.json:
        runs = [
            {at: getattr(run, at) for at in Figures.__dataclass_fields__} for run in (bare, *ours)
        ]
        print(json.dumps(runs, indent=2))
    else:
        print(table(bare, ours))


if __name__ == "__main__":
    asyncio.run(main())
