"""Look at the machine, at Discord and at every profile, and say what to do about what is wrong.

Each profile is asked for one short reply. Exit codes: 0 all is well, 1 something should be looked
at, 2 something is wrong.
"""

import argparse
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console

from backends.embedded.servers import EMBEDDED
from bot.clock import SystemClock
from bot.config.load import Loaded
from bot.config.messages import nearest
from bot.doctor.examination import examination
from bot.doctor.machine import check_programs, wrong_config
from bot.doctor.report import Report, Section
from bot.fetching import Fetching
from bot.terminal import Exit, add_config, add_json, open_config, out, out_json
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say

HELP = "find out what is wrong, and what to do about it"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument(
        "--profile",
        metavar="NAME",
        action="append",
        help=say("only this profile; may be repeated"),
    )


async def run(args: argparse.Namespace) -> int:
    """Exit code 0, 1 or 2."""
    try:
        loaded = open_config(args)
        names = _names(loaded, args.profile)
    except ConfigError as error:
        machine = (*check_programs(), *wrong_config(error.problems, error.hint))
        return _show(Report((Section("machine", "", machine),)), as_json=args.json)
    with _waiting(loaded, names), Fetching() as progress:
        report = await examination(loaded, names, SystemClock(), progress)
    return _show(report, as_json=args.json)


def _waiting(loaded: Loaded, names: list[str]) -> AbstractContextManager[object]:
    """A terminal shows one live line at a time, and a model that is fetched has its own."""
    if any(loaded.config.profiles[name].type == EMBEDDED for name in names):
        return nullcontext()
    return Console(stderr=True).status(say("Looking …"))


def _names(loaded: Loaded, wanted: list[str] | None) -> list[str]:
    known = list(loaded.config.profiles)
    for name in wanted or ():
        if name not in known:
            message = say("There is no profile of this name.") + nearest(name, known)
            raise ConfigError([Problem(str(loaded.sources[0]), 0, 0, f"--profile {name}", message)])
    return list(dict.fromkeys(wanted or known))


def _show(report: Report, *, as_json: bool) -> Exit:
    if as_json:
        out_json(report.as_json())
    else:
        for line in report.lines():
            out(line)
    return report.exit_code
