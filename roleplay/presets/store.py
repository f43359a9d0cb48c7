"""Presets that a server keeps, and which of them a channel uses."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast

from roleplay.presets.preset import Preset
from roleplay.presets.story import Story


@dataclass(frozen=True, slots=True)
class StoredPreset:
    id: int
    guild_id: int
    preset: Preset


class Presets(Protocol):
    """Raises `StorageError` from any method. Another server's preset is never found."""

    async def find(self, name: str, guild_id: int) -> StoredPreset | None:
        """By its name in any case."""
        ...

    async def names(self, guild_id: int) -> list[str]: ...

    async def save(self, preset: Preset, guild_id: int, by: int) -> StoredPreset:
        """Create, or replace the one of that name.

        Raises:
            PresetError: the server has as many as it may.
        """
        ...

    async def remove(self, name: str, guild_id: int) -> bool:
        """The channels that use it use none from then on."""
        ...

    async def used(self, channel_id: int) -> StoredPreset | None:
        """That of the channel itself."""
        ...

    async def use(self, channel_id: int, guild_id: int, name: str | None) -> bool:
        """None: no preset any more. False: this server has none of that name."""
        ...


def to_json(preset: Preset) -> str:
    """What is used of it: neither its report nor anything else of the file is kept."""
    kept = {
        "name": preset.name,
        "sampler": dict(preset.sampler),
        "story": asdict(preset.story) if preset.story else None,
        "main": preset.main,
        "postHistory": preset.post_history,
    }
    return json.dumps(kept, ensure_ascii=False)


def from_json(text: str) -> Preset:
    """The other way round."""
    kept = cast("dict[str, Any]", json.loads(text))
    story = kept["story"]
    return Preset(
        kept["name"],
        kept["sampler"],
        Story(**(story | {"stops": tuple(story["stops"])})) if story else None,
        kept["main"],
        kept["postHistory"],
    )
