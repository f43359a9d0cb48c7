"""Python, the data folder and the clock of this machine, and the config's warnings."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from roleplay.checkup import Check, skipped
from roleplay.errors import Problem
from roleplay.phrases import say
from storage.checkup import check_database, check_folder, check_sqlite

CLOCK_WARNING = 10.0
"""Seconds. Headers tell whole seconds and come late."""

CLOCK_ERROR = 300.0
"""Seconds from which certificates and signed tokens begin to fail."""


def check_programs() -> list[Check]:
    found = say(
        "Python {version} on {system}.", version=platform.python_version(), system=_system()
    )
    return [Check("python", "ok", found), check_sqlite()]


async def check_data(folder: Path) -> list[Check]:
    return [check_folder(folder), await check_database(folder)]


def check_config(warnings: Sequence[Problem]) -> list[Check]:
    if not warnings:
        return [Check("config", "ok", say("The config holds, without a warning."))]
    return [Check("config", "warning", str(problem)) for problem in warnings]


def wrong_config(problems: Iterable[Problem], hint: str) -> Iterator[Check]:
    for problem in problems:
        yield Check("config", "error", str(problem), hint)


def check_clock(offsets: Sequence[float]) -> Check:
    """Against the servers that told the time: the one that agrees best counts, as ours may err."""
    if not offsets:
        return skipped("clock", say("No server told the time."))
    offset = min(offsets, key=abs)
    shown = round(abs(offset))
    if abs(offset) < CLOCK_WARNING:
        return Check("clock", "ok", say("The clock agrees with the servers'."))
    detail = (
        say("The clock is {seconds} s slow.", seconds=shown)
        if offset > 0
        else say("The clock is {seconds} s fast.", seconds=shown)
    )
    outcome = "error" if abs(offset) >= CLOCK_ERROR else "warning"
    return Check("clock", outcome, detail, say("Let the system set it from the network (NTP)."))


def _system() -> str:
    return f"{platform.system()} {platform.machine()}"
