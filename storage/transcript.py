"""What was said in every channel: implements `roleplay.transcript.Transcript`."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal

from roleplay.chat import ChatReply
from roleplay.transcript import IncomingMessage, Part, StoredMessage, Turn
from storage.accepting import accept
from storage.database import Database, Reader, Row, Transaction
from storage.replies import (
    delete_part,
    edit_part,
    forget_counts,
    last_reasoning,
    replace_parts,
    store_reply,
)
from storage.turns import (
    end_turn,
    last_turn,
    message_gone,
    reopen_turn,
    start_turn,
    turn_by_id,
    unfinished_turns,
)

NEWEST = 2**63 - 1
"""Later than any Discord id."""

RECENT = """
    SELECT m.id, m.channel_id, m.role, m.author_id, m.author_name, m.text, m.created_at,
        c.tokenizer, c.tokens
    FROM (
        SELECT * FROM messages
        WHERE channel_id = ?
            AND position > COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)
            AND position <= COALESCE((SELECT trigger_discord_id FROM turns WHERE id = ?), ?)
            AND (role = 'user' OR turn_id <> ?)
        ORDER BY position DESC, id DESC
        LIMIT ?
    ) m
    LEFT JOIN token_counts c ON c.message_id = m.id
    ORDER BY m.position, m.id
"""


class SqlTranscript:
    """`now` gives seconds since 1970; a reply is dated by it."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def accept(self, message: IncomingMessage, *, wants_reply: bool) -> Turn | None:
        return await self._database.at_once(partial(accept, message, wants_reply=wants_reply))

    async def start(self, turn_id: int) -> Turn | None:
        return await self._database.at_once(partial(start_turn, turn_id), durability="NORMAL")

    async def posted(self, turn_id: int, discord_id: int) -> None:
        await self._database.run(
            """
            INSERT INTO parts (discord_id, turn_id, position)
            SELECT ?, ?, COALESCE(MAX(position), -1) + 1 FROM parts WHERE turn_id = ?
            ON CONFLICT (discord_id) DO NOTHING
            """,
            (discord_id, turn_id, turn_id),
        )

    async def finish(self, turn_id: int, reply: ChatReply, parts: Sequence[Part], by: str) -> int:
        async with self._database.transaction() as transaction:
            message_id = await store_reply(transaction, turn_id, reply, by, self._now())
            await replace_parts(transaction, turn_id, parts)
            await transaction.run(
                "UPDATE turns SET state = 'done', error_code = '', error_detail = '' WHERE id = ?",
                (turn_id,),
            )
            return message_id

    async def fail(
        self, turn_id: int, state: Literal["failed", "interrupted"], code: str, detail: str
    ) -> None:
        await end_turn(self._database, turn_id, state, code, detail)

    async def reopen(self, turn_id: int) -> Turn | None:
        return await self.turn(turn_id) if await reopen_turn(self._database, turn_id) else None

    async def turn(self, turn_id: int) -> Turn | None:
        return await turn_by_id(self._database, turn_id)

    async def last_turn(self, channel_id: int) -> Turn | None:
        return await last_turn(self._database, channel_id)

    async def last_reasoning(self, channel_id: int) -> str:
        return await last_reasoning(self._database, channel_id)

    async def unfinished(self) -> list[Turn]:
        return await unfinished_turns(self._database)

    async def recent(
        self, channel_id: int, limit: int, *, before_turn: int | None = None
    ) -> list[StoredMessage]:
        turn_id = before_turn or 0
        rows = await self._database.rows(
            RECENT, (channel_id, channel_id, turn_id, NEWEST, turn_id, max(limit, 0))
        )
        return _messages(rows)

    async def knows(self, discord_ids: Sequence[int]) -> set[int]:
        return await _known(self._database, discord_ids)

    async def newest(self, channel_id: int) -> int | None:
        [(position,)] = await self._database.rows(
            "SELECT MAX(position) FROM messages WHERE channel_id = ?", (channel_id,)
        )
        return position

    async def edit(self, discord_id: int, text: str) -> bool:
        async with self._database.transaction() as transaction:
            found = await transaction.rows(
                "SELECT id, text FROM messages WHERE discord_id = ?", (discord_id,)
            )
            if not found:
                return await edit_part(transaction, discord_id, text)
            message_id, before = found[0]
            if text != before:
                await transaction.run(
                    "UPDATE messages SET text = ? WHERE id = ?", (text, message_id)
                )
                await forget_counts(transaction, message_id)
            return True

    async def delete(self, discord_ids: Sequence[int]) -> int:
        async with self._database.transaction() as transaction:
            known = await _known(transaction, discord_ids)
            for discord_id in known:
                if not await _delete_message(transaction, discord_id):
                    await delete_part(transaction, discord_id)
        return len(known)

    async def reset(self, channel_id: int, at: float) -> int:
        async with self._database.transaction() as transaction:
            left_out = await _leave_out(transaction, channel_id, at)
            await transaction.run(
                """
                UPDATE turns SET state = 'interrupted', error_code = 'reset', error_detail = ''
                WHERE channel_id = ? AND state = 'accepted'
                """,
                (channel_id,),
            )
        return left_out

    async def save_counts(self, tokenizer: str, counts: Mapping[int, int]) -> None:
        async with self._database.transaction() as transaction:
            await transaction.run_many(
                """
                INSERT INTO token_counts (message_id, tokenizer, tokens)
                SELECT id, ?, ? FROM messages WHERE id = ?
                ON CONFLICT (message_id, tokenizer) DO UPDATE SET tokens = excluded.tokens
                """,
                [(tokenizer, tokens, message_id) for message_id, tokens in counts.items()],
            )


async def _delete_message(transaction: Transaction, discord_id: int) -> bool:
    found = await transaction.rows(
        "SELECT id, turn_id FROM messages WHERE discord_id = ?", (discord_id,)
    )
    if not found:
        return False
    message_id, turn_id = found[0]
    await transaction.run("DELETE FROM messages WHERE id = ?", (message_id,))
    if turn_id is not None:
        await message_gone(transaction, turn_id, discord_id)
    return True


async def _leave_out(transaction: Transaction, channel_id: int, at: float) -> int:
    """Move the reset behind every message, and behind every reply that may still come."""
    ((left_out, last_message, last_trigger, guild_id),) = await transaction.rows(
        """
        SELECT COUNT(*), MAX(position),
            (SELECT MAX(trigger_discord_id) FROM turns WHERE channel_id = ?), MAX(guild_id)
        FROM messages WHERE channel_id = ?
            AND position > COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)
        """,
        (channel_id, channel_id, channel_id),
    )
    await transaction.run(
        """
        INSERT INTO resets (channel_id, guild_id, position, reset_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (channel_id) DO UPDATE SET reset_at = excluded.reset_at, position = CASE
            WHEN excluded.position > resets.position THEN excluded.position
            ELSE resets.position END
        """,
        (channel_id, guild_id, max(last_message or 0, last_trigger or 0), at),
    )
    return left_out


async def _known(reader: Reader, discord_ids: Sequence[int]) -> set[int]:
    places = ", ".join("?" * len(discord_ids))
    rows = await reader.rows(
        f"""
        SELECT discord_id FROM messages WHERE discord_id IN ({places})
        UNION SELECT discord_id FROM parts WHERE discord_id IN ({places})
        """,  # noqa: S608 (nothing but question marks)
        (*discord_ids, *discord_ids),
    )
    return {discord_id for (discord_id,) in rows}


def _messages(rows: list[Row]) -> list[StoredMessage]:
    """Rows of `RECENT`, one per message and tokenizer, to messages."""
    counts: dict[int, dict[str, int]] = {row[0]: {} for row in rows}
    for row in rows:
        if row[7] is not None:
            counts[row[0]][row[7]] = row[8]
    heads = {row[0]: row[:7] for row in rows}
    return [StoredMessage(*head, counts=counts[message_id]) for message_id, head in heads.items()]
