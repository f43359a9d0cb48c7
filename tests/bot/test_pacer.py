"""The gate itself, on the real event loop."""

import asyncio

import pytest

from bot.pacer import Pacer
from bot.pacing import Priority


async def test_a_call_gives_back_what_it_made() -> None:
    async def make() -> str:
        return "made"

    async with Pacer() as pacer:
        assert await pacer.call(Priority.FINAL, 1, make) == "made"


async def test_an_error_is_the_callers_and_the_pacer_goes_on() -> None:
    async def fail() -> str:
        raise LookupError("gone")

    async def make() -> str:
        return "made"

    async with Pacer() as pacer:
        with pytest.raises(LookupError, match="gone"):
            await pacer.call(Priority.FINAL, 1, fail)
        assert await pacer.call(Priority.FINAL, 1, make) == "made"


async def test_a_call_cancelled_while_it_waits_is_never_made() -> None:
    gate, made = asyncio.Event(), list[str]()

    async def first() -> None:
        await gate.wait()

    async def second() -> None:
        made.append("second")

    async with Pacer() as pacer:
        one = asyncio.create_task(pacer.call(Priority.FINAL, 1, first))
        two = asyncio.create_task(pacer.call(Priority.FINAL, 1, second))
        await asyncio.sleep(0)
        two.cancel()
        await asyncio.wait([two])
        gate.set()
        await one
    assert made == []


async def test_a_call_cancelled_under_way_still_reaches_discord_whole() -> None:
    begun, gate, made = asyncio.Event(), asyncio.Event(), list[str]()

    async def make() -> None:
        begun.set()
        await gate.wait()
        made.append("sent")

    async with Pacer() as pacer:
        call = asyncio.create_task(pacer.call(Priority.FINAL, 1, make))
        await begun.wait()
        call.cancel()
        await asyncio.wait([call])
        gate.set()
    assert made == ["sent"]


async def test_a_failed_offer_is_logged_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        raise LookupError("gone")

    async def make() -> str:
        return "made"

    async with Pacer() as pacer:
        pacer.offer(Priority.TYPING, 1, "typing", fail)
        await pacer.call(Priority.FINAL, 2, make)
    assert "An offered Discord call in channel 1 failed" in caplog.text


async def test_an_offer_that_was_withdrawn_is_not_made() -> None:
    made: list[str] = []

    async def offer() -> None:
        made.append("offer")

    async def text() -> None:
        made.append("text")

    async with Pacer() as pacer:
        pacer.offer(Priority.EDIT, 1, "page", offer)
        pacer.withdraw("page")
        await pacer.call(Priority.FINAL, 1, text)
    assert made == ["text"]


async def test_those_who_still_wait_when_it_closes_are_let_go() -> None:
    async with Pacer() as pacer:
        pacer.hold(60)
        waiting = asyncio.create_task(pacer.call(Priority.FINAL, 1, asyncio.Event().wait))
        await asyncio.sleep(0)
    await asyncio.wait([waiting], timeout=1)
    assert waiting.cancelled()
