"""Ask every profile's server once, for free, whether it is there.

Exit codes: 0 when none is down, 69 when one is, 78 when the config is wrong.
"""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backends.pool import Pool
from bot.clock import SystemClock
from bot.fetching import Fetching
from bot.pool import open_pool
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    open_config,
    out_json,
    out_table,
    plain,
    warn,
)
from roleplay.phrases import say
from roleplay.ports import ProbeResult

HELP = "ask every profile's server whether it is there"

MODELS_SHOWN = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)


async def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 69 when a profile is down."""
    loaded = open_config(args)
    profiles, at_once = loaded.config.profiles, loaded.config.health.concurrency
    with Fetching() as progress:
        async with open_pool(profiles, clock=SystemClock(), progress=progress) as pool:
            results = await _sweep(pool, at_once)
            cautions = {name: pool.cautions(name) for name in pool.profiles}
    if args.json:
        out_json({"profiles": [_as_json(result, cautions) for result in results]})
    else:
        warn(loaded.warnings)
        _show(results)
    down = any(result.state == "down" for result in results)
    return Exit.UNAVAILABLE if down else Exit.OK


def _as_json(result: ProbeResult, cautions: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return asdict(result) | {"warnings": cautions[result.profile]}


async def _sweep(pool: Pool, at_once: int) -> list[ProbeResult]:
    free = asyncio.Semaphore(at_once)

    async def probe(name: str) -> ProbeResult:
        async with free:
            return await pool.probe(name)

    return await asyncio.gather(*map(probe, pool.profiles))


def _show(results: list[ProbeResult]) -> None:
    columns = ("Profile", "State", "Latency", "What it says")
    out_table([say(column) for column in columns], [_row(result) for result in results])


def _row(result: ProbeResult) -> tuple[str, str, str, str]:
    told = _told(result) if result.state == "up" else f"{result.detail} {result.hint}".strip()
    latency = say("{ms} ms", ms=round(result.seconds * 1000))
    return result.profile, say(result.state), latency, plain(told)


def _told(result: ProbeResult) -> str:
    return f"{result.kind}: {_models(result)}" if result.kind else _models(result)


def _models(result: ProbeResult) -> str:
    shown = ", ".join(result.models[:MODELS_SHOWN])
    more = len(result.models) - MODELS_SHOWN
    return say("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown
