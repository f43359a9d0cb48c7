import asyncio

from fakes.clock import VirtualClock

from bot.clock import SystemClock
from roleplay.ports import Clock


async def test_the_system_clock_moves_while_it_sleeps() -> None:
    clock: Clock = SystemClock()
    wall, before = clock.now(), clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() > before
    assert clock.now() != wall


async def test_a_virtual_sleep_moves_both_times_and_is_remembered() -> None:
    clock = VirtualClock(now=100.0)
    before = clock.monotonic()
    await clock.sleep(3600)
    assert clock.now() == 3700.0
    assert clock.monotonic() == before + 3600
    assert clock.slept == [3600]


async def test_virtual_sleepers_wake_in_the_order_they_are_due() -> None:
    clock = VirtualClock(now=0.0)
    woke: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woke.append((name, clock.now()))

    await asyncio.gather(sleeper("late", 9), sleeper("soon", 1), sleeper("middle", 5))
    assert woke == [("soon", 1.0), ("middle", 5.0), ("late", 9.0)]


async def test_a_cancelled_virtual_sleeper_holds_nobody_up() -> None:
    clock = VirtualClock(now=0.0)
    stopped = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    stopped.cancel()
    await clock.sleep(2)
    assert clock.now() == 2.0
