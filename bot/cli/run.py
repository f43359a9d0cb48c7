"""Start the bot on Discord. It runs until Ctrl-C or SIGTERM."""

import argparse

from bot.fetching import Fetching
from bot.serve import serve
from bot.terminal import add_config, open_config, warn

HELP = "start the bot on Discord"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)


async def run(args: argparse.Namespace) -> int:
    loaded = open_config(args, level="info")
    warn(loaded.warnings)
    with Fetching() as progress:
        return await serve(loaded, progress)
