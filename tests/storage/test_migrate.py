import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from fakes.sqlite import look, names_in

from roleplay.errors import StorageError
from storage.backups import KEPT, backups
from storage.database import Database
from storage.migrate import Migration, migrate, shipped
from storage.open import FILE_NAME, open_stores

FIRST = Migration(1, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('old');")
SECOND = Migration(2, "ALTER TABLE notes ADD COLUMN mood TEXT; UPDATE notes SET mood = 'calm';")
BROKEN = Migration(2, "ALTER TABLE notes ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1);")

LONG = """
import asyncio, sys
from pathlib import Path
from storage.database import Database
from storage.migrate import Migration, migrate

STEP = '''
CREATE TABLE fresh (n INTEGER, text TEXT);
INSERT INTO fresh WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 60000)
    SELECT n, hex(randomblob(40)) FROM up;
DROP TABLE notes;
'''

async def main():
    async with Database.open(Path(sys.argv[1])) as database:
        print("open", flush=True)
        await migrate(database, [Migration(1, ""), Migration(2, STEP)])
        print("done", flush=True)

asyncio.run(main())
"""


async def bring(path: Path, steps: Sequence[Migration]) -> None:
    async with Database.open(path) as database:
        await migrate(database, steps)


def test_the_shipped_migrations_are_numbered_without_a_gap() -> None:
    assert [step.number for step in shipped()] == list(range(1, len(shipped()) + 1))


async def test_a_new_database_needs_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    await bring(path, [FIRST, SECOND])
    assert look(path, "SELECT * FROM notes") == [("old", "calm")]
    assert backups(path) == []


async def test_an_upgrade_leaves_the_old_database_beside_the_new(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    await bring(path, [FIRST])
    await bring(path, [FIRST, SECOND])
    await bring(path, [FIRST, SECOND])
    (copy,) = backups(path)
    assert copy.name == "test-v0001.backup.db"
    assert look(copy, "SELECT * FROM notes") == [("old",)]
    assert look(path, "SELECT * FROM notes") == [("old", "calm")]
    assert names_in(tmp_path) == {path.name, copy.name}


async def test_the_last_three_backups_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    steps = [FIRST, *(Migration(n, f"CREATE TABLE t{n} (x)") for n in range(2, 7))]
    for number in range(1, 7):
        await bring(path, steps[:number])
    assert [copy.name[6:10] for copy in backups(path)] == ["0003", "0004", "0005"]
    assert len(backups(path)) == KEPT


async def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    await bring(path, [FIRST])
    with pytest.raises(StorageError, match="nowhere"):
        await bring(path, [FIRST, BROKEN])
    assert look(path, "SELECT * FROM notes") == [("old",)]
    assert look(path, "PRAGMA user_version") == [(1,)]
    await bring(path, [FIRST, SECOND])
    assert look(path, "PRAGMA user_version") == [(2,)]


async def test_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    async with open_stores(tmp_path):
        pass
    path = tmp_path / FILE_NAME
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="version 99") as refused:
        async with open_stores(tmp_path):
            pass
    assert "newer RoleForge" in refused.value.hint
    assert path.read_bytes() == before


async def test_a_newer_database_names_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    await bring(path, [FIRST])
    await bring(path, [FIRST, SECOND])
    with pytest.raises(StorageError) as refused:
        await bring(path, [FIRST])
    assert "test-v0001.backup.db" in refused.value.hint


async def killed_after(seconds: float, path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LONG, str(path), stdout=subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"open\n"
    try:
        await asyncio.wait_for(child.wait(), seconds)
    except TimeoutError:
        with suppress(ProcessLookupError):  # it ended just now
            child.send_signal(signal.SIGKILL)
        await child.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
async def test_a_kill_inside_a_migration_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    origin = tmp_path / "origin.db"
    await bring(origin, [FIRST])
    for step in range(10):
        path = tmp_path / str(step) / "test.db"
        path.parent.mkdir()
        shutil.copy(origin, path)
        await killed_after(0.012 * step, path)
        tables = {name for (name,) in look(path, "SELECT name FROM sqlite_master")}
        version = look(path, "PRAGMA user_version")[0][0]
        assert (version, tables) in ((1, {"notes"}), (2, {"fresh"}))
        assert look(path, "PRAGMA integrity_check") == [("ok",)]
        for copy in backups(path):
            assert look(copy, "SELECT * FROM notes") == [("old",)]
        assert version == 1 or backups(path)
        await bring(path, [FIRST, SECOND] if version == 1 else [FIRST, Migration(2, "")])


def test_the_shipped_steps_are_numbered_without_gaps_or_twins() -> None:
    numbers = [step.number for step in shipped()]
    assert numbers == list(range(1, len(numbers) + 1))
