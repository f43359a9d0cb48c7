from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.casting.cast import Cast, with_seat
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.scene import Character, Scene, SceneDefaults, Scenes
from storage.open import Stores, open_stores

DEFAULTS = SceneDefaults("from-config", Character(0, Card("Mira")), "all", ("mira",))


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with open_stores(tmp_path) as opened:
        yield opened


async def load(stores: Stores, *bindings: ChannelBinding, channel_id: int = 1) -> Scene | None:
    """The scene of a channel; 2 is a thread of 1."""
    for binding in bindings:
        await stores.bindings.bind(binding)
    parent_id = 1 if channel_id == 2 else None
    scenes = Scenes(stores.bindings, DEFAULTS, stores.casts, stores.characters)
    return await scenes.load(channel_id, parent_id, 9)


async def test_an_unbound_channel_has_no_scene(stores: Stores) -> None:
    assert await load(stores) is None


async def test_a_thread_inherits_from_its_parent_channel(stores: Stores) -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention", wake_words=("hey",))
    scene = await load(stores, parent, channel_id=2)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("big", "parent channel")
    assert (scene.mode, scene.wake_words) == ("mention", ("hey",))


async def test_a_thread_may_decide_for_itself(stores: Stores) -> None:
    parent = ChannelBinding(1, 9, 5, 0.0, profile="big", mode="mention")
    thread = ChannelBinding(2, 9, 5, 0.0, profile="small", wake_words=())
    scene = await load(stores, parent, thread, channel_id=2)
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("small", "channel")
    assert (scene.mode, scene.wake_words) == ("mention", ())


async def test_the_server_decides_before_the_config(stores: Stores) -> None:
    await stores.bindings.save_guild(GuildSettings(9, "ours"))
    scene = await load(stores, ChannelBinding(1, 9, 5, 0.0))
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("ours", "server")


async def test_the_config_decides_last(stores: Stores) -> None:
    scene = await load(stores, ChannelBinding(1, 9, 5, 0.0))
    assert scene is not None
    assert (scene.profile.profile, scene.profile.source) == ("from-config", "config")
    assert (scene.mode, scene.wake_words) == ("all", ("mira",))


async def seat(stores: Stores, name: str, guild_id: int | None, channel_id: int = 1) -> int:
    """A character that is brought into the channel."""
    stored = await stores.characters.add(Contents(Card(name)), guild_id)
    await stores.casts.change(Cast(channel_id, 9), lambda cast: with_seat(cast, stored.id))
    return stored.id


async def test_a_channel_is_played_by_the_character_that_was_chosen(stores: Stores) -> None:
    bram = await seat(stores, "Bram", 9)
    scene = await load(stores, ChannelBinding(1, 9, 5, 0.0))
    assert scene is not None
    assert (scene.character.id, scene.character.name) == (bram, "Bram")
    in_thread = await load(stores, channel_id=2)
    assert in_thread is not None
    assert in_thread.character == scene.character


async def test_several_are_the_cast_and_a_thread_may_have_others(stores: Stores) -> None:
    await seat(stores, "Bram", None)
    await seat(stores, "Cora", 9)
    await seat(stores, "Dora", 9, channel_id=2)
    scene = await load(stores, ChannelBinding(1, 9, 5, 0.0))
    in_thread = await load(stores, channel_id=2)
    assert scene is not None
    assert in_thread is not None
    assert [character.name for character in scene.cast] == ["Bram", "Cora"]
    assert in_thread.character.name == "Dora"


async def test_another_servers_or_a_removed_character_does_not_play(stores: Stores) -> None:
    await seat(stores, "Secret", 8)
    gone = await seat(stores, "Gone", 9)
    await stores.characters.remove(gone)
    scene = await load(stores, ChannelBinding(1, 9, 5, 0.0))
    assert scene is not None
    assert (scene.character.name, scene.cast) == ("Mira", ())
