"""A process that writes is killed, again and again: what it was told is stored is stored."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.sqlite import look

from storage.open import FILE_NAME, open_stores

WRITER = """
import asyncio, sys
from itertools import count
from pathlib import Path
from roleplay.chat import ChatReply
from roleplay.transcript import IncomingMessage, Part
from storage.open import open_stores

async def main():
    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    async with open_stores(folder) as stores:
        for number in count(first, 10):
            said = IncomingMessage(number, 7, 5, 3, "Ada", f"text {number}", 1.0)
            turn = await stores.transcript.accept(said, wants_reply=True)
            await stores.transcript.start(turn.id)
            parts = [Part(number + 1, "one"), Part(number + 2, "two")]
            reply = ChatReply(f"answer {number}", "stop", "main")
            await stores.transcript.finish(turn.id, reply, parts, by="Nova")
            print(number, flush=True)

asyncio.run(main())
"""

HALF_TURNS = """
    SELECT t.id FROM turns t WHERE
        (t.state = 'done') <> (SELECT COUNT(*) = 1 FROM messages m
            JOIN variants v ON v.message_id = m.id WHERE m.turn_id = t.id AND m.role = 'assistant')
        OR (t.state = 'done') <> (SELECT COUNT(*) = 2 FROM parts p WHERE p.turn_id = t.id)
        OR NOT EXISTS (SELECT 1 FROM messages m WHERE m.turn_id = t.id AND m.role = 'user')
"""


async def write_and_kill(folder: Path, first: int, acknowledged: int) -> list[int]:
    """The numbers that the writer was told are stored, killed some time after so many."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(folder), str(first), stdout=subprocess.PIPE
    )
    assert child.stdout
    lines = [await child.stdout.readline() for _ in range(acknowledged)]
    await asyncio.sleep(random.random() * 0.004)
    child.kill()
    rest, _ = await child.communicate()
    return [int(line) for line in b"".join([*lines, rest]).split(b"\n")[:-1]]


async def kill_often(folder: Path, times: int) -> None:
    told: set[int] = set()
    for turn in range(times):
        told.update(await write_and_kill(folder, 1 + 1_000_000 * turn, 1 + turn % 5))
        path = folder / FILE_NAME
        assert look(path, "PRAGMA integrity_check") == [("ok",)]
        assert look(path, "PRAGMA foreign_key_check") == []
        assert look(path, HALF_TURNS) == []
        done = look(path, "SELECT trigger_discord_id FROM turns WHERE state = 'done'")
        assert told <= {number for (number,) in done}
    assert len(told) >= times


async def test_a_killed_writer_loses_nothing_it_was_told_is_stored(tmp_path: Path) -> None:
    await kill_often(tmp_path, 20)
    async with open_stores(tmp_path) as stores:
        assert await stores.transcript.recent(7, 10)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_two_hundred_killed_writers_lose_nothing(tmp_path: Path) -> None:
    await kill_often(tmp_path, 200)
