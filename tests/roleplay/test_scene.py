from fakes.bindings import MemoryBindings

from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.scene import Character, SceneDefaults, Scenes

DEFAULTS = SceneDefaults("from-config", Character("Mira", ""), "all", ("mira",))


async def scenes(*bindings: ChannelBinding, guild: GuildSettings | None = None) -> Scenes:
    memory = MemoryBindings()
    for binding in bindings:
        await memory.bind(binding)
    if guild:
        await memory.save_guild(guild)
    return Scenes(memory, DEFAULTS)


async def test_an_unbound_channel_has_no_scene() -> None:
    assert await (await scenes()).load(1, None, 9) is None


async def test_a_thread_inherits_from_its_parent_channel() -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention", wake_words=("hey",))
    scene = await (await scenes(parent)).load(2, 1, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("big", "parent channel")
    assert (scene.mode, scene.wake_words) == ("mention", ("hey",))


async def test_a_thread_may_decide_for_itself() -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention")
    thread = ChannelBinding(2, 9, 5, 0.0, profile="small", wake_words=())
    scene = await (await scenes(parent, thread)).load(2, 1, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("small", "channel")
    assert (scene.mode, scene.wake_words) == ("mention", ())


async def test_the_server_decides_before_the_config() -> None:
    channel = ChannelBinding(1, 9, 5, 0.0)
    scene = await (await scenes(channel, guild=GuildSettings(9, "ours"))).load(1, None, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("ours", "server")


async def test_the_config_decides_last() -> None:
    scene = await (await scenes(ChannelBinding(1, 9, 5, 0.0))).load(1, None, 9)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("from-config", "config")
    assert (scene.mode, scene.wake_words) == ("all", ("mira",))
