import pytest

from roleplay.errors import PersonaError
from roleplay.personas import Persona
from storage.open import Stores
from storage.personas import MOST

ANN, BEN, TAVERN, THREAD, GUILD = 4, 5, 20, 21, 3


async def names(stores: Stores, user: int) -> list[str]:
    return [one.name for one in (await stores.personas.wardrobe(user)).personas]


async def worn(stores: Stores, channel: int, parent: int | None = None) -> str:
    found = await stores.personas.worn(ANN, channel, parent)
    return found.name if found else ""


async def test_the_choice_for_a_channel_counts_before_the_default(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "A witch.")
    kai = await stores.personas.create(ANN, "Kai", "")
    assert await worn(stores, TAVERN) == ""
    await stores.personas.make_default(ANN, luna)
    assert await worn(stores, TAVERN) == "Luna"
    await stores.personas.choose(ANN, TAVERN, GUILD, kai)
    assert await worn(stores, TAVERN) == "Kai"
    assert await worn(stores, 99) == "Luna"
    await stores.personas.choose(ANN, TAVERN, GUILD, None)
    assert await worn(stores, TAVERN) == ""
    await stores.personas.choose_nothing(ANN, TAVERN)
    assert await worn(stores, TAVERN) == "Luna"


async def test_a_thread_inherits_from_its_parent(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "")
    await stores.personas.choose(ANN, TAVERN, GUILD, luna)
    assert await worn(stores, THREAD, TAVERN) == "Luna"
    await stores.personas.choose(ANN, THREAD, GUILD, None)
    assert await worn(stores, THREAD, TAVERN) == ""


async def test_everyone_has_only_their_own(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "A witch.")
    await stores.personas.create(BEN, "Luna", "A dog.")
    assert await names(stores, BEN) == ["Luna"]
    forged = Persona(luna.id, BEN, "Luna")
    await stores.personas.remove(forged)
    await stores.personas.change(forged, "Mine now", "")
    await stores.personas.make_default(BEN, luna)
    assert await names(stores, ANN) == ["Luna"]
    assert await stores.personas.worn(BEN, TAVERN) is None


async def test_a_name_is_taken_once_whatever_its_case(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "")
    await stores.personas.create(ANN, "Kai", "")
    with pytest.raises(PersonaError):
        await stores.personas.create(ANN, "LUNA", "")
    with pytest.raises(PersonaError):
        await stores.personas.change(luna, "kai", "")
    await stores.personas.change(luna, "LUNA", "Louder.")
    assert await names(stores, ANN) == ["Kai", "LUNA"]


async def test_what_is_removed_is_worn_nowhere(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "")
    await stores.personas.choose(ANN, TAVERN, GUILD, luna)
    await stores.personas.make_default(ANN, luna)
    await stores.personas.remove(luna)
    assert await names(stores, ANN) == []
    assert await worn(stores, TAVERN) == ""


async def test_there_is_an_end_to_it(stores: Stores) -> None:
    for number in range(MOST):
        await stores.personas.create(ANN, f"Face {number}", "")
    with pytest.raises(PersonaError) as refused:
        await stores.personas.create(ANN, "One more", "")
    assert "/persona remove" in refused.value.hint


async def test_a_server_that_is_left_takes_no_persona_with_it(stores: Stores) -> None:
    luna = await stores.personas.create(ANN, "Luna", "")
    await stores.personas.choose(ANN, TAVERN, GUILD, luna)
    await stores.guilds.forget(GUILD)
    assert await worn(stores, TAVERN) == ""
    assert await names(stores, ANN) == ["Luna"]
