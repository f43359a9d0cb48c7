"""What a channel adds to its prompts: the author's note and the general instructions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from roleplay.bindings import Source
from roleplay.prompting.ingredients import Ingredients
from roleplay.prompting.instructions import Instructions, Layer, Part, Scope, effective
from roleplay.prompting.note import AuthorsNote


class PromptSettings(Protocol):
    """Raises `StorageError` from any method."""

    async def note(self, channel_id: int) -> AuthorsNote | None: ...

    async def save_note(self, channel_id: int, guild_id: int, note: AuthorsNote) -> None:
        """Create or replace."""
        ...

    async def clear_note(self, channel_id: int) -> bool: ...

    async def written(self, channel_id: int, until: int) -> int:
        """People's messages since the last reset that the model sees, up to that of the id."""
        ...

    async def instructions(self, scope: Scope, scope_id: int) -> Mapping[Part, str]: ...

    async def save_instruction(
        self, scope: Scope, scope_id: int, guild_id: int, part: Part, text: str
    ) -> None:
        """Create or replace; an empty text counts."""
        ...

    async def clear_instruction(self, scope: Scope, scope_id: int, part: Part) -> bool: ...


class SettingsContributor:
    """A thread has its parent's note and instructions where it has none of its own."""

    def __init__(self, settings: PromptSettings, default: Callable[[], Instructions]) -> None:
        self._settings = settings
        self._default = default

    async def __call__(self, here: Ingredients) -> Ingredients:
        scene = here.scene
        note = await self.note(scene.channel_id, scene.parent_id)
        instructions = await self.instructions(scene.channel_id, scene.parent_id, scene.guild_id)
        return replace(
            here, note=note, instructions=instructions, written=await self._written(here, note)
        )

    async def note(self, channel_id: int, parent_id: int | None) -> AuthorsNote | None:
        """The note in force in a channel."""
        own = await self._settings.note(channel_id)
        return await self._settings.note(parent_id) if parent_id and not own else own

    async def instructions(
        self, channel_id: int, parent_id: int | None, guild_id: int | None
    ) -> Instructions:
        """Those in force; channel, parent channel (for threads), server, config, in this order."""
        places: list[tuple[Source, Scope, int | None]] = [
            ("channel", "channel", channel_id),
            ("parent channel", "channel", parent_id),
            ("server", "server", guild_id),
        ]
        layers: list[Layer] = [
            (source, await self._settings.instructions(scope, place))
            for source, scope, place in places
            if place
        ]
        return effective(layers, self._default())

    async def _written(self, here: Ingredients, note: AuthorsNote | None) -> int:
        """Counted in the store only where a note needs it: the history may not be whole."""
        here_said = [message for message in here.history if message.role == "user"]
        if note is None or note.interval <= 1 or not here_said:
            return len(here_said)
        return await self._settings.written(here.scene.channel_id, here_said[-1].id)
