"""How fast replies are is added up in memory and stored by the minute."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
from fakes.clock import VirtualClock

from bot.traffic import TrafficLedger
from roleplay.chat import Attempt
from roleplay.errors import StorageError
from roleplay.history import Bucket, Traffic, begin
from storage.history import SqlHistory
from storage.open import open_stores


class Disk(SqlHistory):
    """Takes nothing while it is `full`."""

    full = False

    async def add(self, traffic: Sequence[Traffic], now: float) -> None:
        if self.full:
            raise StorageError("the disk is full")
        await super().add(traffic, now)


class Book:
    """A ledger over a real database."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.clock = VirtualClock()
        self.ledger = TrafficLedger(disk, self.clock)

    def request(self, outcome: str = "answered", first: float | None = 0.5) -> None:
        self.ledger.attempted(Attempt("main", outcome, 2.0, first_token_seconds=first))

    async def minute(self) -> Bucket:
        await self.ledger.store()
        ((minute,),) = (await self.disk.series("minute", self.clock.now())).values()
        return minute


@pytest.fixture
async def book(tmp_path: Path) -> AsyncGenerator[Book]:
    async with open_stores(tmp_path) as stores:
        yield Book(Disk(stores.history._database))  # pyright: ignore[reportPrivateUsage]


async def test_requests_are_stored_with_their_times(book: Book) -> None:
    book.request()
    book.request(first=None)
    book.request("timeout")
    minute = await book.minute()
    assert (minute.answered, minute.unanswered, minute.mean_total) == (2, 1, 2.0)
    assert minute.mean_first_token == 0.5


async def test_what_a_full_disk_does_not_take_comes_with_the_next(book: Book) -> None:
    book.disk.full = True
    book.request()
    await book.ledger.store()
    book.disk.full = False
    book.request()
    minute = await book.minute()
    assert minute.answered == 2
    assert minute.at == begin(book.clock.now(), "minute")
