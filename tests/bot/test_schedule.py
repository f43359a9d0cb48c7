import asyncio
import time

import pytest

from bot.schedule import Schedule


async def test_a_job_runs_now_and_then_again() -> None:
    runs: asyncio.Queue[int] = asyncio.Queue()
    async with Schedule() as schedule:
        schedule.every(0.01, 0, lambda: runs.put(1))
        async with asyncio.timeout(10):
            for _ in range(3):
                await runs.get()


async def test_a_run_that_comes_late_after_a_stall_is_not_dropped() -> None:
    ran = asyncio.Event()

    async def job() -> None:
        ran.set()

    async with Schedule() as schedule:
        schedule.every(3600, 0, job)
        time.sleep(1.5)  # noqa: ASYNC251 (the stall itself; APScheduler drops after a second)
        async with asyncio.timeout(10):
            await ran.wait()


async def test_a_job_that_breaks_runs_again() -> None:
    runs: asyncio.Queue[int] = asyncio.Queue()

    async def job() -> None:
        runs.put_nowait(1)
        raise RuntimeError("once more")

    async with Schedule() as schedule:
        schedule.every(0.01, 0, job)
        async with asyncio.timeout(10):
            await runs.get()
            await runs.get()


async def test_leaving_ends_a_job_that_still_runs() -> None:
    started = asyncio.Event()
    ended: list[str] = []

    async def job() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async with Schedule() as schedule:
        schedule.every(3600, 0, job)
        await started.wait()
    assert ended == ["ended"]


async def test_leaving_is_no_failure_of_the_job_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    started = asyncio.Event()

    async def job() -> None:
        started.set()
        await asyncio.Event().wait()

    async with Schedule() as schedule:
        schedule.every(3600, 0, job)
        await started.wait()
    await asyncio.sleep(0)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_job_that_was_taken_out_does_not_come_again() -> None:
    first, second = asyncio.Queue[int](), asyncio.Queue[int]()

    async def job() -> None:
        first.put_nowait(1)

    async def other() -> None:
        second.put_nowait(1)

    async with Schedule() as schedule:
        take_out = schedule.every(0.01, 0, job)
        async with asyncio.timeout(10):
            await first.get()
            take_out()
            while not first.empty():
                first.get_nowait()
            schedule.every(0.01, 0, other)
            for _ in range(3):
                await second.get()
    assert first.empty()


async def test_a_slow_job_never_runs_twice_at_the_same_time() -> None:
    at_once = 0
    most = 0
    runs: asyncio.Queue[int] = asyncio.Queue()

    async def job() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once -= 1
        runs.put_nowait(1)

    async with Schedule() as schedule:
        schedule.every(0.01, 0, job)
        async with asyncio.timeout(10):
            for _ in range(3):
                await runs.get()
    assert most == 1
