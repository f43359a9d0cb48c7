"""Start the bot on Discord. It runs until Ctrl-C or SIGTERM."""

import argparse

from bot.serve import serve
from bot.terminal import add_config, open_config, warn

HELP = "start the bot on Discord"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)


async def run(args: argparse.Namespace) -> int:
    loaded = open_config(args)
    warn(loaded.warnings)
    return await serve(loaded)
