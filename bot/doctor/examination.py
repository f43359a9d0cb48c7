"""Everything together: the machine, Discord, and each profile."""

import asyncio
from collections.abc import Sequence

from backends.doctor.ladder import Examined, examine
from backends.embedded.models import Progress
from bot.config.load import Loaded
from bot.doctor.discord_side import check_discord
from bot.doctor.machine import check_clock, check_config, check_data, check_programs
from bot.doctor.report import Report, Section
from roleplay.checkup import Check, failed, skipped
from roleplay.errors import StorageError
from roleplay.phrases import say
from roleplay.ports import Clock
from storage.checkup import stored_places

AT_ONCE = 4
"""Profiles that are looked at together."""


async def examination(
    loaded: Loaded, names: Sequence[str], clock: Clock, progress: Progress | None = None
) -> Report:
    """`names` are the profiles to look at."""
    discord, examined = await asyncio.gather(
        _discord(loaded), _profiles(loaded, names, clock, progress)
    )
    offsets = [one.clock_offset for one in examined if one.clock_offset is not None]
    machine = (
        *check_programs(),
        *await check_data(loaded.data_folder),
        check_clock(offsets),
        *check_config(loaded.warnings),
    )
    profiles = [Section("profile", one.profile, one.checks) for one in examined]
    sections = (Section("machine", "", machine), Section("discord", "", discord), *profiles)
    return Report(sections, loaded.secrets)


async def _profiles(
    loaded: Loaded, names: Sequence[str], clock: Clock, progress: Progress | None
) -> list[Examined]:
    free = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Examined:
        async with free:
            return await examine(loaded.config.profiles[name], clock, progress)

    return await asyncio.gather(*map(one, names))


async def _discord(loaded: Loaded) -> tuple[Check, ...]:
    token = loaded.config.discord.token
    if token is None:
        return (skipped("token", say("None is configured: the terminal verbs need none.")),)
    try:
        bindings, guilds = await stored_places(loaded.data_folder)
    except StorageError as error:
        unread = failed("bindings", error)
        return (*await check_discord(token.get_secret_value(), [], []), unread)
    return tuple(await check_discord(token.get_secret_value(), bindings, guilds))
