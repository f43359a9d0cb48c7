"""Measure how fast profiles are: first token, tokens per second, the whole reply.

The default size is that of the benchmark table in the support matrix: a prompt of 3,500 tokens and
a reply of 200. Every run costs that many tokens, one more to warm up. Profiles are measured one
after the other, without retries and fallbacks. Exit codes: 0 all were measured, 69 one failed.
"""

import argparse
from dataclasses import asdict
from functools import partial
from random import Random
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from backends.pool import Pool
from bot.bench.measure import Measured, Size, fitted_out, measure, p95, summary
from bot.clock import SystemClock
from bot.config.load import Loaded
from bot.config.messages import nearest
from bot.fetching import Fetching
from bot.pool import open_pool
from bot.terminal import (
    Exit,
    add_config,
    add_json,
    err,
    error_json,
    open_config,
    out_json,
    out_table,
    plain,
    warn,
)
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say

HELP = "measure how fast profiles are"

COLUMNS = ("Profile", "Model", "First token", "p95", "Tokens/s", "p95", "Total", "p95", "Tokens")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("profiles", metavar="PROFILE", nargs="*", help=say("none: all of them"))
    parser.add_argument("--runs", type=_positive, default=5, metavar="N", help=say("that count"))
    parser.add_argument(
        "--prompt-tokens", type=_positive, default=3500, metavar="N", help=say("of the prompt")
    )
    parser.add_argument(
        "--tokens", type=_positive, default=200, metavar="N", help=say("of the reply, at most")
    )


async def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 69 when a profile could not be measured to the end."""
    loaded = open_config(args)
    size = Size(args.prompt_tokens, args.tokens, args.runs)
    chosen = {
        name: fitted_out(loaded.config.profiles[name], size)
        for name in _names(loaded, args.profiles)
    }
    with Fetching() as fetching:
        async with open_pool(chosen, clock=SystemClock(), progress=fetching) as pool:
            found = await _measure_all(pool, size)
    if args.json:
        out_json(asdict(size) | {"profiles": [_as_json(one) for one in found]})
    else:
        warn(loaded.warnings)
        out_table([say(column) for column in COLUMNS], [_row(one) for one in found if one.runs])
        _remark(found, size)
    return Exit.UNAVAILABLE if any(one.error for one in found) else Exit.OK


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(say("must be 1 or more"))
    return number


def _names(loaded: Loaded, wanted: list[str]) -> list[str]:
    known = list(loaded.config.profiles)
    for name in wanted:
        if name not in known:
            message = say("There is no profile of this name.") + nearest(name, known)
            raise ConfigError([Problem(str(loaded.sources[0]), 0, 0, name, message)])
    return list(dict.fromkeys(wanted or known))


async def _measure_all(pool: Pool, size: Size) -> list[Measured]:
    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    found: list[Measured] = []
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        for name in pool.profiles:
            task = bars.add_task(name, total=size.runs + 1)
            ran = partial(bars.advance, task)
            found.append(await measure(pool, name, size, Random(), ran))
    return found


def _row(one: Measured) -> tuple[str, ...]:
    middle, slow = summary(one.runs, median), summary(one.runs, p95)
    about = "~" if any(run.estimated for run in one.runs) else ""
    tokens = f"{about}{median(run.tokens for run in one.runs):g}"
    return (
        one.profile,
        plain(one.model),
        *(f"{each['first_token_seconds']:.2f} s" for each in (middle, slow)),
        *(f"{about}{each['tokens_per_second']:.1f}" for each in (middle, slow)),
        *(f"{each['seconds']:.2f} s" for each in (middle, slow)),
        tokens,
    )


def _remark(found: list[Measured], size: Size) -> None:
    for one in found:
        if one.error:
            err(f"{one.profile}: {plain(str(one.error))} {plain(one.error.hint)}".rstrip())
        fewer = [run.tokens for run in one.runs if run.tokens < size.reply]
        if fewer:
            err(
                say(
                    "{profile} wrote fewer than {tokens} tokens in {count} of {runs} runs, {least} "
                    "at least: compare tokens per second, not the total.",
                    profile=one.profile,
                    tokens=size.reply,
                    count=len(fewer),
                    runs=len(one.runs),
                    least=min(fewer),
                )
            )
        if any(run.estimated for run in one.runs):
            err(say("~ {profile} does not count tokens; these are estimates.", profile=one.profile))


def _as_json(one: Measured) -> dict[str, Any]:
    runs = [asdict(run) | {"tokens_per_second": run.tokens_per_second} for run in one.runs]
    return {
        "profile": one.profile,
        "model": one.model,
        "runs": runs,
        "median": summary(one.runs, median) if one.runs else None,
        "p95": summary(one.runs, p95) if one.runs else None,
        "error": error_json(one.error) if one.error else None,
    }
