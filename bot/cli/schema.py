"""Print the JSON Schema of config.json, for editors and other programs."""

import argparse

from bot.config.schema import schema_text
from bot.terminal import Exit, out

HELP = "print the JSON Schema of the config file"


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


async def run(args: argparse.Namespace) -> int:
    del args
    out(schema_text(), end="")
    return Exit.OK
