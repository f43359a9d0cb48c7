"""What a preset's file comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from roleplay.presets.story import Story

Part = str
"""Of a file: sampler, context, system prompt or instruct template."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one key: what it is `taken` as, or `why` it is left out."""

    part: Part
    key: str
    value: JsonValue
    taken: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """`sampler` has the keys of config.json. `main` and `post_history` are instructions.

    `instruct` says that the file holds an instruct template, too, which is the profile's affair.
    """

    name: str
    sampler: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    story: Story | None = None
    main: str = ""
    post_history: str = ""
    instruct: bool = False
    fates: tuple[Fate, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """What of it can be used in a channel."""
        held = {
            "sampler": self.sampler,
            "context": self.story,
            "main": self.main,
            "post-history": self.post_history,
        }
        return tuple(name for name, part in held.items() if part)
