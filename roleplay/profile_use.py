"""Who speaks through a profile by choice: what its removal would touch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.profiles import ConnectionProfile


@dataclass(frozen=True, slots=True)
class ProfileUse:
    """`channels` by server; `servers` have it as their default; `fallback_of` are profiles.

    `default`: it is the config's, so that all who chose nothing speak through it.
    """

    channels: Mapping[int, tuple[int, ...]]
    servers: tuple[int, ...]
    fallback_of: tuple[str, ...]
    default: bool

    def __bool__(self) -> bool:
        return bool(self.channels or self.servers or self.fallback_of or self.default)


def profile_use(
    name: str,
    channels: Iterable[ChannelBinding],
    guilds: Iterable[GuildSettings],
    profiles: Mapping[str, ConnectionProfile],
    default: str,
) -> ProfileUse:
    by_server: dict[int, tuple[int, ...]] = {}
    for channel in channels:
        if channel.profile == name:
            before = by_server.get(channel.guild_id, ())
            by_server[channel.guild_id] = (*before, channel.channel_id)
    return ProfileUse(
        channels=by_server,
        servers=tuple(guild.guild_id for guild in guilds if guild.profile == name),
        fallback_of=tuple(each for each, of in profiles.items() if name in of.fallback_profiles),
        default=default == name,
    )
