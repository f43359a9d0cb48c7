"""/status: how the language models are doing."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.ext import commands

from backends.breaker import BreakerStatus
from backends.limits import Queue
from bot import status_text
from bot.answers import tell
from bot.checks import is_manager
from bot.notice_board import NoticeBoard
from bot.notices import Notices
from bot.status_text import Row
from roleplay.affected import Routes, used
from roleplay.bindings import Bindings, GuildSettings
from roleplay.monitor import Monitor
from roleplay.phrases import say


class Lines(Protocol):
    """What `backends.pool.Pool` knows of each profile."""

    def breaker(self, name: str) -> BreakerStatus: ...

    def queue(self, name: str) -> Queue: ...

    def cautions(self, name: str) -> Sequence[str]: ...


class StatusCommand(commands.Cog):
    """Players see whether the profiles of their server are up; managers see all, and why."""

    def __init__(
        self,
        monitor: Monitor,
        bindings: Bindings,
        routes: Callable[[], Routes],
        lines: Lines,
        *,
        board: NoticeBoard,
        notices: Notices,
        settings_hold: Callable[[], bool],
    ) -> None:
        self._monitor = monitor
        self._bindings = bindings
        self._routes = routes
        self._lines = lines
        self._board = board
        self._notices = notices
        self._settings_hold = settings_hold

    @app_commands.command(description="How the language models are doing.")
    @app_commands.guild_only()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        guild = await self._bindings.guild(interaction.guild_id or 0)
        manager = await is_manager(interaction)
        profiles = list(self._routes().chains)
        if not manager:
            mine = await self._used(guild)
            profiles = [name for name in profiles if name in mine]
        embed = status_text.status(
            [self._row(name) for name in profiles],
            details=manager,
            notices=self._told(guild) if manager else "",
            settings=self._settings() if manager else "",
        )
        await tell(interaction, "", embed=embed)

    async def _used(self, guild: GuildSettings) -> set[str]:
        channels = await self._bindings.channels(guild.guild_id)
        parents = self._board.parents(guild.guild_id, (each.channel_id for each in channels))
        return used(guild, channels, parents, self._routes())

    def _row(self, profile: str) -> Row:
        breaker, queue = self._lines.breaker(profile), self._lines.queue(profile)
        return Row(
            self._monitor.state(profile),
            breaker.phase,
            breaker.seconds,
            running=queue.running,
            waiting=queue.waiting,
            cautions=self._lines.cautions(profile),
        )

    def _settings(self) -> str:
        if self._settings_hold():
            return ""
        return say(
            "⚠️ `config.json` was changed and has a fault, so the settings before it stay. "
            "The bot's owner sees more with `/profiles reload`."
        )

    def _told(self, guild: GuildSettings) -> str:
        channel = guild.outage_channel_id
        if channel is None:
            return say("Off. Choose a channel with `/outages channel`.")
        obstacle = self._board.obstacle(guild.guild_id, channel)
        problem = obstacle or self._notices.refusal(guild.guild_id)
        return f"⚠️ {problem}" if problem else say("In <#{channel}>.", channel=channel)
