"""Chats of files, brought before all that was said in a channel."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from roleplay.chats.chat import Chat, ChatLine
from roleplay.errors import ChatError
from roleplay.phrases import say
from roleplay.sanitise import speaker_name
from roleplay.scenes.store import StoredScene
from storage.database import Database, Statements

COLUMNS = "channel_id, guild_id, title, state, started_by, started_at, header"

BATCH = 200
"""Messages of one transaction: others wait for a few milliseconds, not for a whole chat."""


async def bring(
    database: Database, scene: StoredScene, chat: Chat, characters: Mapping[str, int]
) -> None:
    """All or nothing: what was begun and not ended is removed, at the latest at the next start.

    `characters` are ids by name.
    """
    count = len(chat.lines)
    first = await database.at_once(partial(_begin, scene, count))
    try:
        for start in range(0, count, BATCH):
            lines = chat.lines[start : start + BATCH]
            add = partial(_add_all, scene, first + start, lines, characters)
            await database.at_once(add, durability="NORMAL")  # the end makes all of it durable
        await database.at_once(partial(_end, scene))
    except BaseException:
        await database.at_once(partial(_drop, scene.channel_id))
        raise


async def drop_unfinished(database: Database) -> None:
    """Those of every channel: nothing is being imported yet."""
    for (channel_id,) in await database.rows("SELECT channel_id FROM imports"):
        await database.at_once(partial(_drop, channel_id))


def save(scene: StoredScene, statements: Statements) -> None:
    statements.run(
        f"""
        INSERT INTO scenes ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (channel_id) DO UPDATE SET title = excluded.title, state = excluded.state,
            header = excluded.header
        """,  # noqa: S608 (constant)
        (
            scene.channel_id,
            scene.guild_id,
            scene.title,
            scene.state,
            scene.started_by,
            scene.started_at,
            json.dumps(scene.header),
        ),
    )


def _begin(scene: StoredScene, count: int, statements: Statements) -> int:
    """Where the messages go: below every Discord id of the channel, nothing there is older."""
    _require_of_guild(scene, statements)
    [(first, reset)] = statements.rows(
        """
        SELECT (SELECT MIN(position) FROM messages WHERE channel_id = ?),
            COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)
        """,
        (scene.channel_id, scene.channel_id),
    )
    begin = min(first or scene.channel_id, scene.channel_id) - count
    if begin <= reset:
        raise ChatError(
            say("This channel has a history that was reset: a chat cannot go before it."),
            hint=say("Import it into a new thread."),
        )
    statements.run(
        "INSERT INTO imports VALUES (?, ?, ?)", (scene.channel_id, begin, begin + count - 1)
    )
    return begin


def _require_of_guild(scene: StoredScene, statements: Statements) -> None:
    known = statements.rows(
        """
        SELECT guild_id FROM channels WHERE channel_id = :1
        UNION SELECT guild_id FROM scenes WHERE channel_id = :1
        UNION SELECT * FROM (SELECT guild_id FROM messages WHERE channel_id = :1 LIMIT 1)
        """,
        (scene.channel_id,),
    )
    if any(guild_id != scene.guild_id for (guild_id,) in known):
        raise ChatError(
            say("The channel {id} belongs to another server.", id=scene.channel_id),
            hint=say("Copy both ids in Discord: a right click on the channel, and on the server."),
        )


def _end(scene: StoredScene, statements: Statements) -> None:
    save(scene, statements)
    statements.run("DELETE FROM imports WHERE channel_id = ?", (scene.channel_id,))


def _drop(channel_id: int, statements: Statements) -> None:
    statements.run(
        """
        DELETE FROM messages WHERE id IN (
            SELECT m.id FROM imports i JOIN messages m ON m.channel_id = i.channel_id
                AND m.position BETWEEN i.first_position AND i.last_position
            WHERE i.channel_id = ?)
        """,
        (channel_id,),
    )
    statements.run("DELETE FROM imports WHERE channel_id = ?", (channel_id,))


def _add_all(
    scene: StoredScene,
    first: int,
    lines: Sequence[ChatLine],
    characters: Mapping[str, int],
    statements: Statements,
) -> None:
    for position, line in enumerate(lines, first):
        _add(statements, scene, position, line, characters.get(line.name, 0))


def _add(
    statements: Statements, scene: StoredScene, position: int, line: ChatLine, character_id: int
) -> None:
    message_id = statements.insert(
        """
        INSERT INTO messages (channel_id, guild_id, position, role, author_id, author_name, text,
            created_at, character_id, hidden, variant) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
        """,
        (
            scene.channel_id,
            scene.guild_id,
            position,
            "user" if line.is_user else "assistant",
            speaker_name(line.name),
            line.text,
            line.said_at or 0.0,
            character_id,
            int(line.hidden),
            line.swipe,
        ),
    )
    _add_variants(statements, message_id, line.swipes, line.said_at or 0.0)
    statements.run(
        "INSERT INTO imported_lines (message_id, data) VALUES (?, ?)",
        (message_id, json.dumps(line.data)),
    )


def _add_variants(
    statements: Statements, message_id: int, swipes: Iterable[str], at: float
) -> None:
    for number, text in enumerate(swipes):
        statements.run(
            """
            INSERT INTO variants (message_id, number, text, created_at, finish_reason, served_by,
                model) VALUES (?, ?, ?, ?, 'stop', '', '')
            """,
            (message_id, number, text, at),
        )
