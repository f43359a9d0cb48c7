"""Whom an outage concerns: which servers and channels speak through a profile, and what answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from roleplay.bindings import ChannelBinding, GuildSettings, effective_profile
from roleplay.profiles import ConnectionProfile


@dataclass(frozen=True, slots=True)
class Routes:
    """`chains` holds for each profile the names that are tried, in order, itself first."""

    default: str
    chains: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, profiles: Mapping[str, ConnectionProfile], default: str) -> Self:
        chains = {
            name: tuple(dict.fromkeys((name, *profile.fallback_profiles)))
            for name, profile in profiles.items()
        }
        return cls(default, chains)

    def chain(self, profile: str) -> Sequence[str]:
        return self.chains.get(profile, (profile,))


@dataclass(frozen=True, slots=True)
class Affected:
    """What the outage of one profile means for one server.

    `speaking` holds the channels that speak through it, by the profile that answers them instead;
    None: nobody does. `backup` are the channels that have it as a fallback only. `default` says
    that channels without a profile of their own use it, directly or as a fallback.
    """

    speaking: Mapping[str | None, tuple[int, ...]]
    backup: tuple[int, ...] = ()
    default: bool = False

    def __bool__(self) -> bool:
        return bool(self.speaking or self.backup or self.default)


def affected(
    profile: str,
    guild: GuildSettings,
    channels: Iterable[ChannelBinding],
    parents: Mapping[int, int],
    *,
    routes: Routes,
    down: Collection[str],
) -> Affected:
    """What the outage of `profile` means for `guild`, whose bound channels are `channels`.

    `parents` gives the channel of each thread; `down` are all profiles that are down.
    """
    speaking: dict[str | None, tuple[int, ...]] = {}
    backup: list[int] = []
    for channel_id, effective in _effective(guild, channels, parents, routes).items():
        chain = routes.chain(effective)
        if effective == profile:
            instead = next((name for name in chain if name != profile and name not in down), None)
            speaking[instead] = (*speaking.get(instead, ()), channel_id)
        elif profile in chain:
            backup.append(channel_id)
    default = effective_profile(None, None, guild, routes.default).profile
    return Affected(speaking, tuple(backup), profile in routes.chain(default))


def together(concerns: Iterable[Affected]) -> Affected:
    """What several profiles that are down together mean, each channel named once."""
    speaking: dict[str | None, tuple[int, ...]] = {}
    backup: list[int] = []
    default = False
    for one in concerns:
        default = default or one.default
        backup += one.backup
        for instead, channels in one.speaking.items():
            speaking[instead] = (*speaking.get(instead, ()), *channels)
    named = {channel for channels in speaking.values() for channel in channels}
    left = tuple(channel for channel in dict.fromkeys(backup) if channel not in named)
    return Affected(speaking, left, default)


def speaks_through(
    channel_id: int,
    guild: GuildSettings,
    channels: Iterable[ChannelBinding],
    parents: Mapping[int, int],
    routes: Routes,
) -> str:
    """The profile that a channel or thread asks first, whether it is bound itself or not."""
    bound = {channel.channel_id: channel for channel in channels}
    own, parent = bound.get(channel_id), bound.get(parents.get(channel_id, 0))
    return effective_profile(own, parent, guild, routes.default).profile


def used(
    guild: GuildSettings,
    channels: Iterable[ChannelBinding],
    parents: Mapping[int, int],
    routes: Routes,
) -> set[str]:
    """Every profile that can come to speak in `guild`, fallbacks included."""
    first = {*_effective(guild, channels, parents, routes).values()}
    first.add(effective_profile(None, None, guild, routes.default).profile)
    return {name for profile in first for name in routes.chain(profile)}


def _effective(
    guild: GuildSettings,
    channels: Iterable[ChannelBinding],
    parents: Mapping[int, int],
    routes: Routes,
) -> dict[int, str]:
    bound = {channel.channel_id: channel for channel in channels}
    return {
        channel_id: effective_profile(
            channel, bound.get(parents.get(channel_id, 0)), guild, routes.default
        ).profile
        for channel_id, channel in bound.items()
    }
