from dataclasses import replace

import pytest

from roleplay.bindings import ChannelBinding, GuildSettings, Moved
from roleplay.errors import StorageError
from storage.bindings import SqlBindings
from storage.open import Stores

BINDING = ChannelBinding(7, 5, bound_by=3, bound_at=10.0)


@pytest.fixture
def bindings(stores: Stores) -> SqlBindings:
    return stores.bindings


@pytest.mark.parametrize(
    "binding",
    [
        BINDING,
        replace(BINDING, profile="main", mode="mention", wake_words=("Nova", "hey, you")),
        replace(BINDING, wake_words=()),
    ],
)
async def test_a_binding_comes_back_as_it_was(
    bindings: SqlBindings, binding: ChannelBinding
) -> None:
    await bindings.bind(binding)
    assert await bindings.channel(7) == binding
    assert await bindings.channels() == [binding]


async def test_a_binding_is_replaced_at_once(bindings: SqlBindings) -> None:
    assert await bindings.channel(7) is None
    await bindings.bind(BINDING)
    assert await bindings.channel(7) == BINDING
    await bindings.bind(replace(BINDING, profile="other"))
    assert await bindings.channel(7) == replace(BINDING, profile="other")
    assert await bindings.unbind(7)
    assert not await bindings.unbind(7)
    assert await bindings.channel(7) is None


async def test_a_refused_binding_leaves_the_old_one(bindings: SqlBindings) -> None:
    await bindings.bind(BINDING)
    with pytest.raises(StorageError):
        await bindings.bind(replace(BINDING, guild_id=2**63))
    assert await bindings.channel(7) == BINDING


async def test_channels_are_listed_by_server(bindings: SqlBindings) -> None:
    other = replace(BINDING, channel_id=8, guild_id=6)
    await bindings.bind(other)
    await bindings.bind(BINDING)
    assert await bindings.channels() == [BINDING, other]
    assert await bindings.channels(6) == [other]


async def test_a_server_without_settings_has_none(bindings: SqlBindings) -> None:
    assert await bindings.guild(5) == GuildSettings(5)
    assert await bindings.guilds() == []


async def test_server_settings_are_replaced(bindings: SqlBindings) -> None:
    await bindings.save_guild(GuildSettings(5, "main", 70))
    assert await bindings.guild(5) == GuildSettings(5, "main", 70)
    await bindings.save_guild(GuildSettings(6, "other"))
    await bindings.save_guild(GuildSettings(5))
    assert await bindings.guild(5) == GuildSettings(5)
    assert await bindings.guilds() == [GuildSettings(6, "other")]


async def test_all_that_chose_a_profile_are_moved_together_and_back(bindings: SqlBindings) -> None:
    for channel_id, guild_id, profile in ((1, 5, "old"), (2, 6, "old"), (3, 5, None), (4, 5, "x")):
        await bindings.bind(ChannelBinding(channel_id, guild_id, 3, 10.0, profile=profile))
    await bindings.save_guild(GuildSettings(5, profile="old"))
    await bindings.save_guild(GuildSettings(6, profile="x", outage_channel_id=9))
    moved = await bindings.move("old", "new")
    assert moved == Moved((1, 2), (5,))
    assert [each.profile for each in await bindings.channels()] == ["new", "new", None, "x"]
    assert await bindings.guild(5) == GuildSettings(5, profile="new")
    await bindings.bind(ChannelBinding(1, 5, 3, 10.0, profile="x"))
    assert await bindings.move_back(moved, "old", "new") == Moved((2,), (5,))
    assert [each.profile for each in await bindings.channels()] == ["x", "old", None, "x"]


async def test_a_move_may_stay_in_one_server_and_may_end_in_no_choice(
    bindings: SqlBindings,
) -> None:
    for channel_id, guild_id in ((1, 5), (2, 6)):
        await bindings.bind(ChannelBinding(channel_id, guild_id, 3, 10.0, profile="old"))
        await bindings.save_guild(GuildSettings(guild_id, profile="old"))
    assert await bindings.move("old", None, 5) == Moved((1,), (5,))
    assert [each.profile for each in await bindings.channels()] == [None, "old"]
    assert await bindings.channel(1) == ChannelBinding(1, 5, 3, 10.0)
    assert (await bindings.guild(6)).profile == "old"
