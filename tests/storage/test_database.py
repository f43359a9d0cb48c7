import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from roleplay.errors import DatabaseInUse, DiskFull, StorageError
from storage.database import Database

BOOM = "boom"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with Database.open(tmp_path / "test.db", busy_seconds=0.05) as opened:
        await opened.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, writer INTEGER, text TEXT)")
        yield opened


async def count(database: Database) -> int:
    return (await database.rows("SELECT COUNT(*) FROM notes"))[0][0]


async def note(database: Database, writer: int, *texts: str) -> None:
    async with database.transaction() as transaction:
        for text in texts:
            await transaction.run("INSERT INTO notes (writer, text) VALUES (?, ?)", (writer, text))
            await asyncio.sleep(0)


async def test_the_promised_settings_hold(database: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    found = [(await database.rows(f"PRAGMA {name}"))[0][0] for name in names]
    assert found == ["wal", 2, 1, 1, 50]


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as transaction:
            await transaction.run("INSERT INTO notes (writer) VALUES (1)")
            raise ValueError(BOOM)

    with pytest.raises(ValueError, match=BOOM):
        await write()
    assert await count(database) == 0


async def test_a_transaction_that_is_cancelled_leaves_nothing(database: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as transaction:
            await transaction.run("INSERT INTO notes (writer) VALUES (1)")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 0
    await note(database, 2, "after")
    assert await count(database) == 1


async def test_cancelling_at_any_step_keeps_transactions_whole(database: Database) -> None:
    for steps in range(30):
        task = asyncio.create_task(note(database, steps, "a", "b", "c"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    sizes = await database.rows("SELECT COUNT(*) FROM notes GROUP BY writer")
    assert {size for (size,) in sizes} <= {3}
    await note(database, 99, "still usable")


async def test_nobody_sees_anothers_unfinished_work(database: Database) -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction() as transaction:
            await transaction.run("INSERT INTO notes (writer) VALUES (1)")
            inside.set()
            await leave.wait()
            raise ValueError(BOOM)

    writer = asyncio.create_task(write())
    await inside.wait()
    reader = asyncio.create_task(count(database))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not reader.done()
    leave.set()
    assert await reader == 0
    with pytest.raises(ValueError, match=BOOM):
        await writer


async def test_32_writers_at_once_never_mix(database: Database) -> None:
    async def write_half(writer: int) -> None:
        async with database.transaction() as transaction:
            await transaction.run("INSERT INTO notes (writer) VALUES (?)", (writer,))
            await transaction.run("INSERT INTO nowhere VALUES (1)")

    async def write(writer: int) -> None:
        if writer % 4:
            await note(database, writer, *"abcde")
            return
        with pytest.raises(StorageError):
            await write_half(writer)

    async with asyncio.TaskGroup() as group:
        for writer in range(32):
            group.create_task(write(writer))
    found = await database.rows("SELECT writer, text FROM notes ORDER BY id")
    runs = [found[start : start + 5] for start in range(0, len(found), 5)]
    assert sorted(run[0][0] for run in runs) == [each for each in range(32) if each % 4]
    assert all(run == [(run[0][0], letter) for letter in "abcde"] for run in runs)


async def test_using_the_database_inside_a_transaction_is_a_clear_error(
    database: Database,
) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        async with database.transaction():
            await database.rows("SELECT 1")
    assert await count(database) == 0


async def test_a_full_disk_is_named_and_passes(database: Database) -> None:
    await note(database, 1, "kept")
    pages = (await database.rows("PRAGMA page_count"))[0][0]
    await database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull) as full:
        await note(database, 2, "short", "x" * 100_000)
    assert full.value.hint
    assert await count(database) == 1
    await database.rows(f"PRAGMA max_page_count = {pages + 1000}")
    await note(database, 2, "x" * 100_000)
    assert await count(database) == 2


async def test_another_program_that_holds_the_file_is_named(database: Database) -> None:
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseInUse, match="Another program"):
        await note(database, 1, "a")
    assert await count(database) == 0
    other.execute("ROLLBACK")
    other.close()
    await note(database, 1, "a")


async def test_an_integer_too_large_is_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.rows("SELECT ?", (2**63,))


async def test_an_error_outside_the_database_passes_unchanged(tmp_path: Path) -> None:
    with pytest.raises(OverflowError):
        async with Database.open(tmp_path / "other.db"):
            raise OverflowError(BOOM)
