"""Which channel speaks through which profile, and where that was decided."""

from dataclasses import dataclass
from typing import Literal, Protocol

from roleplay.outages import WhenDown

AnswerMode = Literal["all", "mention"]
"""all: every message is answered. mention: mentions, replies to the bot, and wake words."""

Source = Literal["channel", "parent channel", "server", "config"]


@dataclass(frozen=True, slots=True)
class ChannelBinding:
    """The settings of one channel or thread; None means: not decided here."""

    channel_id: int
    guild_id: int
    bound_by: int
    bound_at: float
    profile: str | None = None
    mode: AnswerMode | None = None
    wake_words: tuple[str, ...] | None = None
    when_down: WhenDown | None = None


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings of one server; None means: not decided here."""

    guild_id: int
    profile: str | None = None
    outage_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """A profile name and who decided it."""

    profile: str
    source: Source


@dataclass(frozen=True, slots=True)
class Moved:
    """Ids of the channels and servers whose choice of a profile was changed together."""

    channels: tuple[int, ...]
    guilds: tuple[int, ...]


class Mover(Protocol):
    """Changes the choices of many at once. Raises `StorageError`; then nothing has changed."""

    async def move(self, old: str, new: str | None, guild_id: int | None = None) -> Moved:
        """Let all that chose one profile choose another (None: choose none), in one or all servers.

        Channels and servers that chose nothing are left alone.
        """
        ...

    async def move_back(self, moved: Moved, old: str, new: str) -> Moved:
        """Undo a move from `old` to `new`, but for those that have chosen anew since."""
        ...


class Bindings(Protocol):
    """Raises `StorageError` from any method."""

    async def channel(self, channel_id: int) -> ChannelBinding | None: ...

    async def bind(self, binding: ChannelBinding) -> None:
        """Create or replace."""
        ...

    async def unbind(self, channel_id: int) -> bool: ...

    async def channels(self, guild_id: int | None = None) -> list[ChannelBinding]: ...

    async def guild(self, guild_id: int) -> GuildSettings: ...

    async def save_guild(self, settings: GuildSettings) -> None: ...

    async def guilds(self) -> list[GuildSettings]:
        """Every server with a setting of its own."""
        ...


def effective_profile(
    channel: ChannelBinding | None,
    parent: ChannelBinding | None,
    guild: GuildSettings,
    default: str,
) -> Effective:
    """The nearest decision wins: channel, parent channel (for threads), server, config."""
    if channel and channel.profile:
        return Effective(channel.profile, "channel")
    if parent and parent.profile:
        return Effective(parent.profile, "parent channel")
    if guild.profile:
        return Effective(guild.profile, "server")
    return Effective(default, "config")
