"""Scenes: threads with a story of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from roleplay.chats.chat import Chat

SceneState = Literal["running", "paused", "archived"]
"""paused: what is said is remembered, and not answered."""


@dataclass(frozen=True, slots=True)
class StoredScene:
    """`started_at` is seconds since 1970; `header` the first object of an imported chat."""

    channel_id: int
    guild_id: int
    title: str
    state: SceneState = "running"
    started_by: int = 0
    started_at: float = 0.0
    header: Mapping[str, Any] = field(default_factory=dict[str, Any])


class SceneStore(Protocol):
    """Raises `StorageError` from any method."""

    async def is_paused(self, channel_id: int) -> bool: ...

    async def scene(self, channel_id: int) -> StoredScene | None: ...

    async def save(self, scene: StoredScene) -> None: ...

    async def listed(self, guild_id: int | None = None) -> list[StoredScene]:
        """The newest first; None: those of every server."""
        ...

    async def count(self, channel_id: int) -> int:
        """Messages since the last reset, hidden ones too."""
        ...

    async def bring(
        self, scene: StoredScene, chat: Chat, characters: Mapping[str, int] | None = None
    ) -> int:
        """Put a chat before all that was said in the scene's channel; returns how many messages.

        `characters` are ids by name. Raises `ChatError`: it does not fit there.
        """
        ...

    async def chat(self, channel_id: int) -> Chat:
        """What was said since the last reset, hidden messages too."""
        ...

    async def faces(self, channel_id: int) -> dict[str, bytes]:
        """Small pictures of those who spoke, by name: of characters, and of people's personas."""
        ...
