"""What was said in every channel: implements `roleplay.transcript.Transcript`."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal

from roleplay.chat import ChatReply
from roleplay.transcript import (
    IncomingMessage,
    Part,
    StoredMessage,
    StoredReply,
    Turn,
    TurnRequest,
)
from storage import turns
from storage.accepting import ASIDE, accept
from storage.branching import branch
from storage.database import Database, Reader, Row, Transaction
from storage.hiding import follow_edit, hide, is_hidden
from storage.replies import (
    Saying,
    delete_part,
    edit_part,
    forget_counts,
    last_reasoning,
    replace_parts,
    store_reply,
)
from storage.standing_in import stand_in
from storage.variants import choose_variant, drop_variant, last_reply, reply_of, variant_text

NEWEST = 2**63 - 1
"""Later than any Discord id."""

RECENT = """
    SELECT m.id, m.channel_id, m.role, m.author_id, m.author_name, m.text, m.created_at,
        m.character_id, c.tokenizer, c.tokens
    FROM (
        SELECT * FROM messages
        WHERE channel_id = ? AND hidden = 0
            AND position > COALESCE((SELECT position FROM resets WHERE channel_id = ?), 0)
            AND (position, id) < (
                COALESCE((SELECT trigger_discord_id FROM turns WHERE id = ?), ?),
                COALESCE((SELECT id FROM messages WHERE turn_id = ? AND role = 'assistant'), ?))
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

    async def accept(
        self, message: IncomingMessage, *, wants_reply: bool, out_of_character: bool = False
    ) -> Turn | None:
        work = partial(accept, message, wants_reply=wants_reply, out_of_character=out_of_character)
        return await self._database.at_once(work)

    async def queue(self, request: TurnRequest) -> Turn:
        async with self._database.transaction() as transaction:
            turn_id = await turns.queue_turn(transaction, request)
            queued = await turns.turn_by_id(transaction, turn_id)
        assert queued is not None, "just stored"  # noqa: S101 - narrows the type
        return queued

    async def assign(self, turn_id: int, character_id: int) -> None:
        await turns.assign(self._database, turn_id, character_id)

    async def start(self, turn_id: int) -> Turn | None:
        work = partial(turns.start_turn, turn_id)
        return await self._database.at_once(work, durability="NORMAL")

    async def posted(self, turn_id: int, discord_id: int) -> None:
        await self._database.run(
            """
            INSERT INTO parts (discord_id, turn_id, position)
            SELECT ?, ?, COALESCE(MAX(position), -1) + 1 FROM parts WHERE turn_id = ?
            ON CONFLICT (discord_id) DO NOTHING
            """,
            (discord_id, turn_id, turn_id),
        )

    async def finish(
        self,
        turn_id: int,
        reply: ChatReply,
        parts: Sequence[Part],
        by: str,
        *,
        character_id: int = 0,
    ) -> int:
        saying = Saying(by, character_id, self._now())
        async with self._database.transaction() as transaction:
            message_id = await store_reply(transaction, turn_id, reply, saying)
            await replace_parts(transaction, turn_id, parts)
            await turns.close_turn(transaction, turn_id)
            return message_id

    async def greet(
        self,
        turn_id: int,
        texts: Sequence[str],
        parts: Sequence[Part],
        by: str,
        *,
        character_id: int = 0,
    ) -> int:
        first, *others = texts
        reply = ChatReply(first, "stop", "", alternatives=tuple(others))
        saying = Saying(by, character_id, self._now())
        async with self._database.transaction() as transaction:
            message_id = await store_reply(transaction, turn_id, reply, saying)
            turn = await turns.turn_by_id(transaction, turn_id)
            choice = min(turn.choice, len(others)) if turn else 0
            await choose_variant(transaction, turn_id, choice, parts)
            await turns.close_turn(transaction, turn_id)
            return message_id

    async def fail(
        self, turn_id: int, state: Literal["failed", "interrupted"], code: str, detail: str
    ) -> None:
        await turns.end_turn(self._database, turn_id, state, code, detail)

    async def reopen(self, turn_id: int, *, continues: bool = False) -> Turn | None:
        reopened = await turns.reopen_turn(self._database, turn_id, continues=continues)
        return await self.turn(turn_id) if reopened else None

    async def turn(self, turn_id: int) -> Turn | None:
        return await turns.turn_by_id(self._database, turn_id)

    async def last_turn(self, channel_id: int) -> Turn | None:
        return await turns.last_turn(self._database, channel_id)

    async def turn_of(self, discord_id: int) -> Turn | None:
        return await turns.turn_of(self._database, discord_id)

    async def asked_by(self, turn_id: int) -> list[int]:
        return await turns.asked_by(self._database, turn_id)

    async def reply(self, turn_id: int) -> StoredReply | None:
        return await reply_of(self._database, turn_id)

    async def last_reply(self, channel_id: int) -> StoredReply | None:
        return await last_reply(self._database, channel_id)

    async def variant(self, turn_id: int, number: int) -> str | None:
        return await variant_text(self._database, turn_id, number)

    async def choose(self, turn_id: int, number: int, parts: Sequence[Part]) -> bool:
        async with self._database.transaction() as transaction:
            return await choose_variant(transaction, turn_id, number, parts)

    async def drop_variant(self, turn_id: int, parts: Sequence[Part]) -> bool:
        async with self._database.transaction() as transaction:
            return await drop_variant(transaction, turn_id, parts)

    async def last_reasoning(self, channel_id: int) -> str:
        return await last_reasoning(self._database, channel_id)

    async def unfinished(self) -> list[Turn]:
        return await turns.unfinished_turns(self._database)

    async def recent(
        self, channel_id: int, limit: int, *, before_turn: int | None = None
    ) -> list[StoredMessage]:
        turn_id = before_turn or 0
        rows = await self._database.rows(
            RECENT,
            (channel_id, channel_id, turn_id, NEWEST, turn_id, NEWEST, max(limit, 0)),
        )
        return _messages(rows)

    async def knows(self, discord_ids: Sequence[int]) -> set[int]:
        return await _known(self._database, discord_ids)

    async def newest(self, channel_id: int) -> int | None:
        [(position,)] = await self._database.rows(
            "SELECT MAX(position) FROM messages WHERE channel_id = ?", (channel_id,)
        )
        return position

    async def edit(self, discord_id: int, text: str, *, out_of_character: bool = False) -> bool:
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
                await follow_edit(transaction, message_id, out_of_character=out_of_character)
            return True

    async def hide(self, discord_id: int, *, hidden: bool) -> bool:
        return await hide(self._database, discord_id, hidden=hidden)

    async def is_hidden(self, discord_id: int) -> bool | None:
        return await is_hidden(self._database, discord_id)

    async def branch(self, discord_id: int, into: int, limit: int) -> int:
        return await branch(self._database, discord_id, into, limit)

    async def stand_in(
        self, original_id: int, message: IncomingMessage, *, out_of_character: bool = False
    ) -> bool:
        async with self._database.transaction() as transaction:
            hidden = ASIDE if out_of_character else 0
            return await stand_in(transaction, original_id, message, hidden=hidden)

    async def delete(self, discord_ids: Sequence[int]) -> int:
        async with self._database.transaction() as transaction:
            known = await _known(transaction, discord_ids)
            for discord_id in sorted(known):
                if not await _delete_message(transaction, discord_id):
                    await delete_part(transaction, discord_id)
            await transaction.run_many(
                "DELETE FROM voiced WHERE discord_id = ?", [(known_id,) for known_id in known]
            )
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
        "SELECT id, channel_id FROM messages WHERE discord_id = ?", (discord_id,)
    )
    if not found:
        return False
    message_id, channel_id = found[0]
    await transaction.run("DELETE FROM messages WHERE id = ?", (message_id,))
    await turns.message_gone(transaction, channel_id, discord_id)
    return True


async def _leave_out(transaction: Transaction, channel_id: int, at: float) -> int:
    """Move the reset behind every message, and behind every reply that may still come."""
    ((left_out, last_message, last_trigger, guild_id),) = await transaction.rows(
        """
        SELECT COUNT(CASE WHEN hidden = 0 THEN 1 END), MAX(position),
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
        if row[8] is not None:
            counts[row[0]][row[8]] = row[9]
    heads = {row[0]: row[:8] for row in rows}
    return [
        StoredMessage(*head[:7], counts=counts[message_id], character_id=head[7])
        for message_id, head in heads.items()
    ]
