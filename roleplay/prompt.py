"""A prompt as ordered blocks, before it is fitted to anyone's window."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roleplay.chat import Role
from roleplay.sampler import Sampler

REQUIRED = 1_000_000
"""The priority of blocks that are never left out."""

ALONE = 500_000
"""From this priority on a block that has no room leaves alone. Below it everything of a lower
priority leaves with it, so that a history has no gaps."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the prompt that is sent whole or left out whole.

    When room is short the lowest `priority` goes first. `counts` maps a tokenizer's id to this
    block's tokens under it, where they were counted before; elsewhere they are estimated. `name` is
    who speaks, "" where nobody does; the text carries it already where it is wanted there. `id` is
    that of a message of the history, 0 for what is none.
    """

    label: str
    role: Role
    text: str
    priority: int
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    name: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything a turn would like to send, in order, and the strings that end the reply.

    `char` is the character that is to speak, "" where none is. With `continues` the last block is
    what it has said so far, and more of it is wanted. What `sampler` sets counts before the
    profile's.
    """

    blocks: tuple[Block, ...]
    stop: tuple[str, ...] = ()
    char: str = ""
    continues: bool = False
    sampler: Sampler | None = None
