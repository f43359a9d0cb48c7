"""What replies took and cost, by profile, channel and day; also while the bot runs."""

import argparse
from dataclasses import asdict
from typing import Any

from bot.clock import SystemClock
from bot.terminal import Exit, add_config, add_json, open_config, out_json, out_table, warn
from bot.usage_text import day, money
from roleplay.phrases import say
from roleplay.usage import By, Spent
from storage.checkup import stored_usage

HELP = "show what replies took and cost"

DAY = 86400

Found = dict[By, list[Spent]]

LISTS: tuple[By, ...] = ("profile", "server", "channel", "day")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument(
        "--days", type=int, default=30, metavar="N", help=say("how many days back; else 30")
    )


async def run(args: argparse.Namespace) -> int:
    loaded = open_config(args)
    since = (SystemClock().now() // DAY - args.days + 1) * DAY
    found: Found = {by: await stored_usage(loaded.data_folder, by, since) for by in LISTS}
    if args.json:
        out_json(
            {"days": args.days} | {by: [_as_json(by, one) for one in found[by]] for by in LISTS}
        )
    else:
        warn(loaded.warnings)
        _show(found)
    return Exit.OK


def _as_json(by: By, spent: Spent) -> dict[str, Any]:
    return asdict(spent) | {"key": _name(by, spent), "cost": round(spent.cost, 9)}


def _show(found: Found) -> None:
    columns = ("", "Name", "Replies", "Tokens in", "Cached", "Out", "Estimated", "Unpriced", "Cost")
    rows = [_row(by, one) for by in LISTS for one in found[by]]
    out_table([say(column) if column else "" for column in columns], rows)


def _row(by: By, one: Spent) -> tuple[str, ...]:
    tokens = (one.prompt_tokens, one.cached_tokens, one.completion_tokens)
    counts = (one.replies, *tokens, one.estimated, one.unpriced)
    return say(by), _name(by, one), *map(str, counts), money(one.cost)


def _name(by: By, one: Spent) -> str:
    return day(int(one.key)) if by == "day" else str(one.key)
