import os
import subprocess
import sys
from pathlib import Path

import pytest

from roleplay.bindings import Bindings
from roleplay.errors import DatabaseDamaged, DatabaseInUse, StorageError
from roleplay.health import HealthStore
from roleplay.transcript import Transcript
from storage.open import FILE_NAME, open_stores

SECOND = """
import asyncio, sys
from pathlib import Path
from roleplay.errors import DatabaseInUse
from storage.open import open_stores

async def main():
    async with open_stores(Path(sys.argv[1])):
        pass

try:
    asyncio.run(main())
except DatabaseInUse as exc:
    print(exc)
    sys.exit(3)
"""


async def test_the_stores_are_what_the_centre_asks_for(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        transcript: Transcript = stores.transcript
        bindings: Bindings = stores.bindings
        health: HealthStore = stores.health
        assert await transcript.unfinished() == []
        assert await bindings.guilds() == []
        assert await health.states() == {}


async def test_what_is_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    async with open_stores(folder) as stores:
        await stores.settings.set("tree", ["a", 1, None])
    async with open_stores(folder) as stores:
        assert await stores.settings.get("tree") == ["a", 1, None]


async def test_a_second_process_is_refused_and_told_which_is_the_first(tmp_path: Path) -> None:
    async with open_stores(tmp_path):
        second = subprocess.run(  # noqa: ASYNC221, S603 (nothing else runs here)
            [sys.executable, "-c", SECOND, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 3, second.stderr
    assert f"(process {os.getpid()})" in second.stdout


async def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    async with open_stores(tmp_path):
        with pytest.raises(DatabaseInUse) as refused:
            async with open_stores(tmp_path):
                pass
    assert refused.value.hint
    async with open_stores(tmp_path):
        pass


@pytest.mark.parametrize(
    "content", [b"this is no database at all" * 100, b"SQLite format 3\0" * 99]
)
async def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DatabaseDamaged, match=FILE_NAME) as refused:
        async with open_stores(tmp_path):
            pass
    assert "roleforge.db-wal" in refused.value.hint


async def test_a_damaged_file_names_the_newest_backup(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        for number in range(200):
            await stores.settings.set(f"name {number}", "x" * 500)
    copy = tmp_path / "roleforge-v0001.backup.db"
    copy.write_bytes(b"")
    path = tmp_path / FILE_NAME
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    with pytest.raises(DatabaseDamaged) as refused:
        async with open_stores(tmp_path):
            pass
    assert str(copy) in refused.value.hint


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file") as refused:
        async with open_stores(tmp_path / "file"):
            pass
    assert refused.value.hint
