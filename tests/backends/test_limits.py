import asyncio
import math

import pytest
from fakes.clock import VirtualClock

from backends.limits import Queue, Slots
from roleplay.errors import TimedOut


class Guest:
    """Holds a slot until told to leave."""

    def __init__(self, slots: Slots) -> None:
        self.inside = asyncio.Event()
        self.leave = asyncio.Event()
        self.task = asyncio.create_task(self._stay(slots))

    async def _stay(self, slots: Slots) -> None:
        async with slots.slot(math.inf):
            self.inside.set()
            await self.leave.wait()


async def arrive(slots: Slots, count: int) -> list[Guest]:
    guests = [Guest(slots) for _ in range(count)]
    await settle()
    return guests


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def inside(guests: list[Guest]) -> list[bool]:
    return [guest.inside.is_set() for guest in guests]


@pytest.fixture
def slots() -> Slots:
    return Slots(1, VirtualClock())


async def test_they_come_in_one_after_another(slots: Slots) -> None:
    guests = await arrive(slots, 3)
    assert slots.queue == Queue(1, 2, 1)
    for number, guest in enumerate(guests):
        assert inside(guests) == [n <= number for n in range(3)]
        guest.leave.set()
        await settle()
    assert slots.queue == Queue(0, 0, 1)


async def test_more_room_lets_those_in_who_wait(slots: Slots) -> None:
    guests = await arrive(slots, 4)
    slots.resize(3)
    await settle()
    assert inside(guests) == [True, True, True, False]


async def test_less_room_counts_from_the_next_one_on(slots: Slots) -> None:
    slots.resize(3)
    guests = await arrive(slots, 5)
    slots.resize(1)
    for guest in guests[:2]:
        guest.leave.set()
    await settle()
    assert inside(guests) == [True, True, True, False, False]
    guests[2].leave.set()
    await settle()
    assert slots.queue == Queue(1, 1, 1)


async def test_who_gives_up_takes_nothing_along(slots: Slots) -> None:
    guests = await arrive(slots, 3)
    guests[1].task.cancel()
    await settle()
    guests[0].leave.set()
    await settle()
    assert inside(guests) == [True, False, True]
    guests[2].leave.set()
    await settle()
    assert slots.queue == Queue(0, 0, 1)


async def test_who_is_called_and_leaves_in_the_same_moment_passes_the_slot_on(slots: Slots) -> None:
    guests = await arrive(slots, 3)
    guests[0].leave.set()
    await asyncio.sleep(0)
    guests[1].task.cancel()
    await settle()
    assert slots.queue == Queue(1, 0, 1)
    assert inside(guests)[2]


async def test_a_deadline_ends_the_wait(slots: Slots) -> None:
    guests = await arrive(slots, 1)  # kept: the loop itself holds a waiting task but weakly
    with pytest.raises(TimedOut):
        async with slots.slot(0):
            pass
    assert slots.queue == Queue(1, 0, 1)
    assert inside(guests) == [True]
