"""A data folder in which channels are bound and one of them has a long history."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from roleplay.bindings import ChannelBinding
from storage.bindings import SqlBindings
from storage.database import Database
from storage.migrate import migrate, shipped
from storage.open import FILE_NAME

LINE = "The rain has not stopped since noon, and the lamps in the window are the only light. {}"

INSERT = """
    INSERT INTO messages
        (channel_id, guild_id, position, discord_id, role, author_id, author_name, text, created_at)
    VALUES (?, ?, ?, ?, 'user', 1, 'Ada', ?, ?)
"""


async def prefill(folder: Path, channel_ids: Sequence[int], guild_id: int, stored: int) -> None:
    """Bind the channels; the first holds `stored` messages of people."""
    async with Database.open(folder / FILE_NAME) as database:
        await migrate(database, shipped())
        bindings = SqlBindings(database)
        for channel_id in channel_ids:
            await bindings.bind(ChannelBinding(channel_id, guild_id, bound_by=1, bound_at=0))
        async with database.transaction() as transaction:
            await transaction.run_many(INSERT, history(channel_ids[0], guild_id, stored))


def history(channel_id: int, guild_id: int, stored: int) -> Iterator[tuple[object, ...]]:
    """Older than anything that is said now: the ids count up from 1."""
    begin = time.time() - stored
    for number in range(1, stored + 1):
        yield channel_id, guild_id, number, number, LINE.format(number), begin + number
