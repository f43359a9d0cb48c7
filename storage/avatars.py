"""Where the pictures of characters hang in Discord."""

from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Hung:
    """`digest` is the picture's SHA-256, in hexadecimal; `emoji_id` the application's emoji."""

    character_id: int
    revision: int
    digest: str
    emoji_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """A character's picture as it is now: its revision, and where it hangs, perhaps an old one."""

    revision: int
    hung: Hung | None


class SqlAvatars:
    """Raises `StorageError` from any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def portrait(self, character_id: int) -> Portrait | None:
        """None: the character has no picture, or is gone."""
        rows = await self._database.rows(
            """
            SELECT c.revision, a.character_id, a.revision, a.digest, a.emoji_id, a.address
            FROM characters c LEFT JOIN avatars a ON a.character_id = c.id
            WHERE c.id = ? AND c.avatar IS NOT NULL
            """,
            (character_id,),
        )
        if not rows:
            return None
        revision, *hung = rows[0]
        return Portrait(revision, Hung(*hung) if hung[0] is not None else None)

    async def picture(self, character_id: int) -> bytes | None:
        rows = await self._database.rows(
            "SELECT avatar FROM characters WHERE id = ?", (character_id,)
        )
        return rows[0][0] if rows else None

    async def save(self, hung: Hung) -> None:
        await self._database.run(
            "INSERT OR REPLACE INTO avatars VALUES (?, ?, ?, ?, ?)",
            (hung.character_id, hung.revision, hung.digest, hung.emoji_id, hung.address),
        )

    async def orphans(self) -> list[Hung]:
        """Whose characters are gone, or have no picture any more."""
        rows = await self._database.rows(
            """
            SELECT a.character_id, a.revision, a.digest, a.emoji_id, a.address FROM avatars a
            LEFT JOIN characters c ON c.id = a.character_id WHERE c.avatar IS NULL
            """
        )
        return [Hung(*row) for row in rows]

    async def taken_down(self, character_id: int) -> None:
        await self._database.run("DELETE FROM avatars WHERE character_id = ?", (character_id,))
