"""The bot on Discord: from login until it is told to stop."""

import asyncio
import logging

import discord

from backends.embedded.models import Progress
from bot.app import App, open_app
from bot.clock import SystemClock
from bot.config.load import Loaded
from bot.reloading.hangup import reload_on_hangup
from bot.stopping import stop_on_signals
from bot.terminal import Exit, err
from roleplay.errors import ConfigError, Problem
from roleplay.phrases import say

log = logging.getLogger(__name__)

AUTHENTICATION_FAILED = 4004
"""Discord's gateway close code."""


async def serve(loaded: Loaded, progress: Progress | None = None) -> Exit:
    """Run until SIGINT or SIGTERM; a second signal ends it at once.

    `progress` is told while an embedded model is fetched.

    Raises:
        ConfigError: there is no token.
        StorageError: the data folder cannot be used.
        EmbeddedFailed: an embedded profile cannot be served.
    """
    token = _token(loaded)
    stop = asyncio.Event()
    stop_on_signals(stop)
    opened = open_app(loaded, clock=SystemClock(), progress=progress)
    async with opened as app, app.client:
        reload_on_hangup(app.reloading.wake)
        return await _connected(app, token, stop)


def _token(loaded: Loaded) -> str:
    token = loaded.config.discord.token
    if token is None or not token.get_secret_value():
        problem = Problem(str(loaded.sources[0]), 0, 0, "discord.token", say("is missing"))
        hint = say(
            "Copy the token from the Developer Portal, page Bot, into the variable DISCORD_TOKEN, "
            'and write "token": "${DISCORD_TOKEN}". Without Discord: roleforge playground.'
        )
        raise ConfigError([problem], hint=hint)
    return token.get_secret_value()


async def _connected(app: App, token: str, stop: asyncio.Event) -> Exit:
    connection = asyncio.create_task(app.client.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not connection.done():
            log.info("Stopping")
            await app.wind_down()
            await app.client.close()
        [ended] = await asyncio.gather(connection, return_exceptions=True)
        return _outcome(ended)
    finally:
        stopping.cancel()


def _outcome(ended: BaseException | None) -> Exit:
    match ended:
        case None:
            return Exit.OK
        case discord.LoginFailure():
            return _bad_token()
        case discord.ConnectionClosed(code=int(code)) if code == AUTHENTICATION_FAILED:
            return _bad_token()
        case discord.PrivilegedIntentsRequired():
            err(
                say(
                    "Discord does not let the bot read messages. Switch on Message Content Intent "
                    "at https://discord.com/developers/applications, page Bot, and start again."
                )
            )
            return Exit.BAD_CONFIG
        case error:
            raise error


def _bad_token() -> Exit:
    err(
        say(
            "Discord refused the token. Reset it in the Developer Portal, page Bot, put the new "
            "one where the old one was, and start again."
        )
    )
    return Exit.REFUSED
