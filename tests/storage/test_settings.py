import pytest
from pydantic import JsonValue

from storage.open import Stores


@pytest.mark.parametrize("value", ["text", 1, 2.5, True, ["a", None], {"key": {"more": []}}])
async def test_a_setting_comes_back_as_it_was(stores: Stores, value: JsonValue) -> None:
    assert await stores.settings.get("name") is None
    await stores.settings.set("name", "before")
    await stores.settings.set("name", value)
    assert await stores.settings.get("name") == value
    await stores.settings.delete("name")
    assert await stores.settings.get("name") is None


async def test_profiles_from_discord_are_kept_apart_from_the_configs(stores: Stores) -> None:
    await stores.profiles.save("mine", {"baseURL": "http://localhost:1"}, by=3)
    await stores.profiles.save("theirs", {"type": "openai"}, source="config")
    assert await stores.profiles.all() == {"mine": {"baseURL": "http://localhost:1"}}
    assert await stores.profiles.all("config") == {"theirs": {"type": "openai"}}


async def test_a_profile_is_replaced_and_removed(stores: Stores) -> None:
    await stores.profiles.save("mine", {"model": "a"}, by=3)
    await stores.profiles.save("mine", {"model": "b"}, by=4)
    assert await stores.profiles.all() == {"mine": {"model": "b"}}
    assert await stores.profiles.remove("mine")
    assert not await stores.profiles.remove("mine")
    assert await stores.profiles.all() == {}
