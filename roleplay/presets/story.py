"""How the text before a history is laid out, for servers that are sent one text.

Semantics of SillyTavern's context templates:
https://docs.sillytavern.app/usage/prompts/context-template/
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """`template` is the story string; `stops` end a reply as well.

    `separator` stands before each example, `start` before the chat; both may hold macros.
    """

    template: str
    separator: str = ""
    start: str = ""
    stops: tuple[str, ...] = ()
