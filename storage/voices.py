"""The webhooks that characters speak through, and which message went through which."""

from collections.abc import Sequence
from functools import partial

from pydantic import SecretStr

from roleplay.voices import Said, Webhook
from storage.database import Database, Statements


class SqlVoices:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def webhooks(self) -> list[Webhook]:
        """All there ever were, those that are gone too."""
        rows = await self._database.rows(
            "SELECT webhook_id, channel_id, guild_id, token FROM webhooks ORDER BY webhook_id"
        )
        return [
            Webhook(webhook_id, channel_id, guild_id, SecretStr(token) if token else None)
            for webhook_id, channel_id, guild_id, token in rows
        ]

    async def save(self, webhook: Webhook) -> None:
        """In place of the one that its channel had."""
        token = webhook.token.get_secret_value() if webhook.token else None
        async with self._database.transaction() as transaction:
            await transaction.run(
                "UPDATE webhooks SET token = NULL WHERE channel_id = ?", (webhook.channel_id,)
            )
            await transaction.run(
                """
                INSERT INTO webhooks VALUES (?, ?, ?, ?)
                ON CONFLICT (webhook_id) DO UPDATE SET token = excluded.token,
                    channel_id = excluded.channel_id
                """,
                (webhook.id, webhook.channel_id, webhook.guild_id, token),
            )

    async def gone(self, webhook_id: int) -> None:
        """It must never be used again; what it said is still known as ours."""
        await self._database.run(
            "UPDATE webhooks SET token = NULL WHERE webhook_id = ?", (webhook_id,)
        )

    async def note(self, said: Said) -> None:
        """A power cut may lose it, unless something was stored for good after it."""
        await self._database.at_once(partial(_note, said), durability="NORMAL")

    async def said(self, discord_id: int) -> Said | None:
        """None: the bot said it plainly, or nobody of ours."""
        rows = await self._database.rows(
            "SELECT discord_id, guild_id, webhook_id, heading FROM voiced WHERE discord_id = ?",
            (discord_id,),
        )
        return Said(*rows[0]) if rows else None

    async def unnoted(self, discord_ids: Sequence[int]) -> list[int]:
        """Those of the messages that are not known to have been sent."""
        places = ", ".join("?" * len(discord_ids))
        rows = await self._database.rows(
            f"SELECT discord_id FROM voiced WHERE discord_id IN ({places})",  # noqa: S608 (marks)
            discord_ids,
        )
        known = {discord_id for (discord_id,) in rows}
        return [discord_id for discord_id in discord_ids if discord_id not in known]


def _note(said: Said, statements: Statements) -> None:
    statements.run(
        "INSERT OR REPLACE INTO voiced VALUES (?, ?, ?, ?)",
        (said.discord_id, said.guild_id, said.webhook_id, said.heading),
    )
