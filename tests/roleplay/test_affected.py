from roleplay.affected import Affected, Routes, affected, used
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.profiles import ConnectionProfile

ROUTES = Routes("main", {"main": ("main", "backup", "local"), "backup": ("backup",)})


def binding(channel_id: int, profile: str | None = None) -> ChannelBinding:
    return ChannelBinding(channel_id, 1, bound_by=9, bound_at=0.0, profile=profile)


def outage(
    profile: str,
    *channels: ChannelBinding,
    server: str | None = None,
    parents: dict[int, int] | None = None,
    down: tuple[str, ...] = (),
) -> Affected:
    guild = GuildSettings(1, profile=server)
    return affected(profile, guild, channels, parents or {}, routes=ROUTES, down={profile, *down})


def test_a_channel_without_a_profile_speaks_through_the_default() -> None:
    assert outage("main", binding(10)) == Affected({"backup": (10,)}, default=True)


def test_the_next_profile_that_is_not_down_answers() -> None:
    assert outage("main", binding(10), down=("backup",)).speaking == {"local": (10,)}


def test_nobody_answers_when_the_whole_chain_is_down() -> None:
    assert outage("main", binding(10), down=("backup", "local")).speaking == {None: (10,)}


def test_channels_that_have_it_as_a_fallback_are_named_apart() -> None:
    found = outage("backup", binding(10), binding(11, "backup"))
    assert found == Affected({None: (11,)}, backup=(10,), default=True)


def test_a_thread_follows_its_channel() -> None:
    found = outage("backup", binding(10, "backup"), binding(11), parents={11: 10}, server="other")
    assert found == Affected({None: (10, 11)})


def test_a_server_with_a_profile_of_its_own_is_not_concerned() -> None:
    assert not outage("main", binding(10), server="other")


def test_a_server_without_channels_is_concerned_by_its_default() -> None:
    assert outage("main") == Affected({}, default=True)


def test_a_server_uses_what_its_channels_and_their_fallbacks_speak_through() -> None:
    guild = GuildSettings(1, profile="other")
    assert used(guild, [binding(10, "backup"), binding(11)], {}, ROUTES) == {"backup", "other"}
    assert used(GuildSettings(2), [], {}, ROUTES) == {"main", "backup", "local"}


def test_the_routes_are_those_of_the_config() -> None:
    main = ConnectionProfile(name="main", fallbackProfiles=("backup", "main"))
    assert Routes.of({"main": main}, "main").chain("main") == ("main", "backup")
