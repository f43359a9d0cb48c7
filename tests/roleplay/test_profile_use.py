from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.profile_use import ProfileUse, profile_use
from roleplay.profiles import ConnectionProfile

CHANNELS = [
    ChannelBinding(1, 5, 3, 10.0, profile="old"),
    ChannelBinding(2, 5, 3, 10.0, profile="old"),
    ChannelBinding(3, 6, 3, 10.0),
]
GUILDS = [GuildSettings(6, profile="old"), GuildSettings(7)]
PROFILES = {"old": ConnectionProfile(), "main": ConnectionProfile(fallbackProfiles=("old",))}


def test_channels_servers_fallback_lists_and_the_default_are_named() -> None:
    found = profile_use("old", CHANNELS, GUILDS, PROFILES, "old")
    assert found == ProfileUse({5: (1, 2)}, (6,), ("main",), default=True)


def test_a_profile_that_nobody_uses_is_free() -> None:
    assert not profile_use("main", CHANNELS, GUILDS, PROFILES, "old")
