"""What is spent never passes its limit, whatever happens at the same time or in between."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleplay.budgets import Charge, Limit, Refusal
from storage.budgets import SqlBudgets
from storage.database import Database
from storage.migrate import migrate, shipped
from storage.open import Stores, open_stores

TEN = Limit("user", "messages", 10, 60.0)
ANN = Charge(user_id=1, channel_id=2, guild_id=3)


async def test_of_a_hundred_at_once_exactly_ten_are_admitted(stores: Stores) -> None:
    asked = [stores.budgets.reserve(ANN, [TEN], 1000.0) for _ in range(100)]
    answers = await asyncio.gather(*asked)
    assert len([each for each in answers if isinstance(each, int)]) == 10
    assert {each.free_at for each in answers if isinstance(each, Refusal)} == {1060.0}
    assert isinstance(await stores.budgets.reserve(ANN, [TEN], 1060.0), int)


async def test_what_a_crash_left_reserved_counts_until_its_window_has_passed(
    tmp_path: Path,
) -> None:
    one = Limit("server", "tokens", 100, 60.0)
    asked = replace(ANN, tokens=80)
    async with open_stores(tmp_path) as stores:
        assert isinstance(await stores.budgets.reserve(asked, [one], 0.0), int)
    async with open_stores(tmp_path) as stores:
        assert isinstance(await stores.budgets.reserve(asked, [one], 59.0), Refusal)
        assert isinstance(await stores.budgets.reserve(asked, [one], 60.0), int)


async def test_a_clock_that_is_set_back_frees_nothing(stores: Stores) -> None:
    one = Limit("user", "messages", 1, 60.0)
    assert isinstance(await stores.budgets.reserve(ANN, [one], 5000.0), int)
    found = await stores.budgets.reserve(ANN, [one], 1000.0)
    assert found == Refusal(one, 5060.0)


async def test_settling_corrects_and_releasing_gives_back(stores: Stores) -> None:
    money = Limit("channel", "money", 1.0, 60.0)
    asked = replace(ANN, tokens=10, cost=0.9)
    entry = await stores.budgets.reserve(asked, [money], 0.0)
    assert isinstance(await stores.budgets.reserve(asked, [money], 1.0), Refusal)
    assert isinstance(entry, int)
    await stores.budgets.settle(entry, 5, 0.1)
    second = await stores.budgets.reserve(asked, [money], 2.0)
    assert isinstance(second, int)
    await stores.budgets.release(second)
    assert isinstance(await stores.budgets.reserve(asked, [money], 3.0), int)


async def test_people_servers_and_profiles_pay_for_themselves(stores: Stores) -> None:
    one = Limit("user", "messages", 1, 60.0)
    assert isinstance(await stores.budgets.reserve(ANN, [one], 0.0), int)
    for other in (replace(ANN, user_id=9), replace(ANN, guild_id=9)):
        assert isinstance(await stores.budgets.reserve(other, [one], 0.0), int)
    profile = Limit("profile", "messages", 1, 60.0)
    assert isinstance(await stores.budgets.reserve(Charge(profile="a"), [profile], 0.0), int)
    assert isinstance(await stores.budgets.reserve(Charge(profile="b"), [profile], 0.0), int)
    assert isinstance(await stores.budgets.reserve(Charge(profile="a"), [profile], 0.0), Refusal)


async def test_a_limit_of_the_same_window_is_replaced_and_one_server_cannot_clear_anothers(
    stores: Stores,
) -> None:
    first = await stores.budgets.set_limit(replace(TEN, guild_id=3))
    again = await stores.budgets.set_limit(replace(TEN, guild_id=3, amount=4))
    assert again.id == first.id
    assert await stores.budgets.limits(3) == (again,)
    assert await stores.budgets.clear(first.id, 4) is None
    assert await stores.budgets.clear(first.id, 3) == again
    assert await stores.budgets.limits(3) == ()


Step = tuple[str, int]


@pytest.mark.parametrize("amount", [100])
@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["reserve", "settle", "release", "wait"]), st.integers(0, 60)),
        max_size=25,
    )
)
def test_no_order_of_things_lets_more_through_than_allowed(
    amount: int, steps: list[Step], tmp_path_factory: pytest.TempPathFactory
) -> None:
    asyncio.run(_play(amount, steps, tmp_path_factory.mktemp("b")))


async def _play(amount: int, steps: list[Step], folder: Path) -> None:
    limit = Limit("channel", "tokens", amount, 60.0)
    now, open_entries = 0.0, list[int]()
    held: dict[int, tuple[float, int]] = {}
    async with Database.open(folder / "x.db") as database:
        await migrate(database, shipped())
        for what, number in steps:
            budgets = SqlBudgets(database)  # as after a restart
            if what == "wait":
                now += number
            elif what == "reserve":
                found = await budgets.reserve(replace(ANN, tokens=number), [limit], now)
                if isinstance(found, int):
                    held[found] = (now, number)
                    open_entries.append(found)
            elif open_entries:
                entry = open_entries.pop(0)
                if what == "settle":  # never more than was reserved
                    took = min(number, held[entry][1])
                    await budgets.settle(entry, took, 0.0)
                    held[entry] = (held[entry][0], took)
                else:
                    await budgets.release(entry)
                    del held[entry]
            spent = sum(tokens for at, tokens in held.values() if at > now - 60.0)
            assert spent <= amount
