"""What every character is told before the story and after it, where its card does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roleplay.bindings import Source

Part = Literal["main", "post-history"]
"""main: the first text of a prompt. post-history: the last one."""

Scope = Literal["channel", "server"]

DEFAULT_MAIN = (
    "You are {{char}}, a character in a roleplay that several people share in a chat channel. "
    "Each of their messages begins with the writer's name. Stay in character, answer as {{char}} "
    "only, and never speak or act for anyone else."
)

MOST_CHARACTERS = 4000
"""Of an instruction or a note: what a form in Discord holds."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """A text and who decided it."""

    text: str = ""
    source: Source = "config"


@dataclass(frozen=True, slots=True)
class Instructions:
    """A card's own take their place; in it `{{original}}` stands for them."""

    main: Instruction = field(default_factory=lambda: Instruction(DEFAULT_MAIN))
    post_history: Instruction = field(default_factory=Instruction)


Layer = tuple[Source, Mapping[Part, str]]


def effective(layers: Sequence[Layer], default: Instructions) -> Instructions:
    """Each part by the first layer that has it; the nearest layer comes first."""
    return Instructions(
        _nearest(layers, "main") or default.main,
        _nearest(layers, "post-history") or default.post_history,
    )


def _nearest(layers: Sequence[Layer], part: Part) -> Instruction | None:
    found = (Instruction(texts[part], source) for source, texts in layers if part in texts)
    return next(found, None)
