from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.scene import Character, SceneDefaults, Scenes

DEFAULTS = SceneDefaults("from-config", Character("Mira", ""), "all", ("mira",))


class FewBindings:
    """Bindings in a dict."""

    def __init__(self, *bindings: ChannelBinding, guild: GuildSettings | None = None) -> None:
        self._channels = {binding.channel_id: binding for binding in bindings}
        self._guild = guild

    async def channel(self, channel_id: int) -> ChannelBinding | None:
        return self._channels.get(channel_id)

    async def guild(self, guild_id: int) -> GuildSettings:
        return self._guild or GuildSettings(guild_id)

    async def guilds(self) -> list[GuildSettings]:
        return [self._guild] if self._guild else []

    async def save_guild(self, settings: GuildSettings) -> None:
        self._guild = settings

    async def bind(self, binding: ChannelBinding) -> None:
        self._channels[binding.channel_id] = binding

    async def unbind(self, channel_id: int) -> bool:
        return self._channels.pop(channel_id, None) is not None

    async def channels(self, guild_id: int | None = None) -> list[ChannelBinding]:
        del guild_id
        return list(self._channels.values())


async def test_an_unbound_channel_has_no_scene() -> None:
    assert await Scenes(FewBindings(), DEFAULTS).load(1, None, 9) is None


async def test_a_thread_inherits_from_its_parent_channel() -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention", wake_words=("hey",))
    scene = await Scenes(FewBindings(parent), DEFAULTS).load(2, 1, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("big", "parent channel")
    assert (scene.mode, scene.wake_words) == ("mention", ("hey",))


async def test_a_thread_may_decide_for_itself() -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention")
    thread = ChannelBinding(2, 9, 5, 0.0, profile="small", wake_words=())
    scene = await Scenes(FewBindings(parent, thread), DEFAULTS).load(2, 1, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("small", "channel")
    assert (scene.mode, scene.wake_words) == ("mention", ())


async def test_the_server_decides_before_the_config() -> None:
    bindings = FewBindings(ChannelBinding(1, 9, 5, 0.0), guild=GuildSettings(9, "ours"))
    scene = await Scenes(bindings, DEFAULTS).load(1, None, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("ours", "server")


async def test_the_config_decides_last() -> None:
    scene = await Scenes(FewBindings(ChannelBinding(1, 9, 5, 0.0)), DEFAULTS).load(1, None, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("from-config", "config")
    assert (scene.mode, scene.wake_words) == ("all", ("mira",))
