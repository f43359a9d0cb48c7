"""How long one Discord call is tried again. discord.py itself outlasts 429, 500, 502, 504 only."""

import logging
from itertools import chain, repeat

from bot.errors import DiscordDown
from roleplay.phrases import say
from roleplay.ports import Clock

log = logging.getLogger(__name__)

RETRY_SECONDS = 15.0
"""How long after the first failure a call is tried again."""

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between tries, the last one over and over."""

LONGEST_WAIT = 900.0
"""Seconds that Discord may ask us to wait and that a text is still worth waiting for."""


class Retries:
    """When one call is tried again; made anew for each call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._give_up_at: float | None = None
        self._pauses = chain(PAUSES, repeat(PAUSES[-1]))

    async def wait_after(self, error: Exception) -> None:
        """Wait before the next try.

        Raises:
            DiscordDown: it has gone on for too long.
        """
        pause = next(self._pauses)
        now = self._clock.monotonic()
        if self._give_up_at is None:
            self._give_up_at = now + RETRY_SECONDS
        if now + pause > self._give_up_at:
            raise DiscordDown(
                say(
                    "Discord did not take the message for {seconds} seconds.", seconds=RETRY_SECONDS
                ),
                hint=say("See https://discordstatus.com and this machine's network."),
            ) from error
        log.info("Discord failed (%r); the same call again in %.1f s", error, pause)
        await self._clock.sleep(pause)

    async def wait_as_told(self, seconds: float) -> None:
        """Wait out a rate limit, which is no failure.

        Raises:
            DiscordDown: longer than a text is worth waiting for.
        """
        if seconds > LONGEST_WAIT:
            raise DiscordDown(
                say("Discord lets nothing through for {seconds} seconds.", seconds=round(seconds)),
                hint=say("The bot sent too much; try again later."),
            )
        log.warning("Discord asks to wait %.1f s; the text waits", seconds)
        await self._clock.sleep(seconds)
