"""What every character is told before the story and after it, where its card does not say."""

from dataclasses import dataclass

from roleplay.bindings import Source

DEFAULT_MAIN = (
    "You are {{char}}, a character in a roleplay that several people share in a chat channel. "
    "Each of their messages begins with the writer's name. Stay in character, answer as {{char}} "
    "only, and never speak or act for anyone else."
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """A text and who decided it."""

    text: str
    source: Source = "config"


@dataclass(frozen=True, slots=True)
class Instructions:
    """`main` comes first in a prompt, `post_history` last. A card's own takes their place."""

    main: Instruction = Instruction(DEFAULT_MAIN)
    post_history: Instruction = Instruction("")
