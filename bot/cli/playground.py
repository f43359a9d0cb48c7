"""Try the whole bot in the browser: no Discord account, no API key."""

import argparse
import asyncio
import importlib.util
import logging
import sys
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from backends.discovery import find_servers
from bot.config.env import process_environment
from bot.config.models import Config
from bot.fetching import Fetching
from bot.offer import choose
from bot.playground.scene import default_scene, own_scene
from bot.stopping import stop_on_signals
from bot.terminal import Exit, add_config, err, open_config, out, warn
from roleplay.errors import RoleForgeError
from roleplay.phrases import say

if TYPE_CHECKING:
    from bot.playground.preview import LivePreview

HELP = "try the whole bot in the browser, without a Discord account"


def arguments(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    parser.add_argument("--profile", metavar="NAME", help=say("the profile of the config to use"))
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help=say("of the page; else any free one")
    )
    parser.add_argument(
        "--no-browser", action="store_true", help=say("only print the page's address")
    )


async def run(args: argparse.Namespace) -> int:
    """Exit code 0 after Ctrl-C."""
    _require_simcord()
    config = await _scene(args)
    stop = asyncio.Event()
    stop_on_signals(stop)
    playing = asyncio.create_task(_play(config, args))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        stopping.cancel()
        await playing
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    return Exit.OK


def _require_simcord() -> None:
    if importlib.util.find_spec("simcord") is None:
        raise RoleForgeError(
            say("The playground needs simcord, which is not installed."),
            hint=say('Run: pip install "roleforge[playground]"'),
        )


async def _scene(args: argparse.Namespace) -> Config:
    if args.config or args.profile:
        loaded = open_config(args)
        warn(loaded.warnings)
        return own_scene(loaded.config, args.profile, str(loaded.sources[0]))
    return default_scene(choose(await find_servers()))


def _imported() -> Callable[..., AbstractAsyncContextManager["LivePreview"]]:
    """The other verbs, and the list of verbs, do without simcord.

    It tries discord.py out while it is imported, and discord.py's log remarks on that.
    """
    remarks = logging.getLogger("discord")
    level = remarks.level
    remarks.setLevel(logging.ERROR)
    try:
        from bot.playground.session import open_playground  # noqa: PLC0415  # see above
    finally:
        remarks.setLevel(level)
    return open_playground


async def _play(config: Config, args: argparse.Namespace) -> None:
    open_playground = _imported()
    with Fetching() as fetching:
        async with open_playground(config, port=args.port, progress=fetching) as page:
            out(say("The playground is open: {url}", url=page.url))
            err(say("Only this machine can reach it. Ctrl-C closes it."))
            if not args.no_browser:
                _show(page.url)
            await page.wait_closed()


def _show(url: str) -> None:
    environ = process_environment()
    if _has_display(environ) and sys.stdout.isatty() and not environ.get("CI"):
        webbrowser.open(url)


def _has_display(environ: Mapping[str, str]) -> bool:
    """A browser without one would take over the terminal."""
    return sys.platform in {"win32", "darwin"} or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
