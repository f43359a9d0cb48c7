"""What would be sent to one server, without sending it."""

from collections.abc import Mapping
from dataclasses import dataclass

from roleplay.budget import Fitted
from roleplay.chat import AnyRequest
from roleplay.prompt import Block


@dataclass(frozen=True, slots=True)
class Worded:
    """A request as the server would get it: messages, or one text, and the body it travels in.

    `stop` are all strings that end the reply, also those that we enforce ourselves.
    """

    request: AnyRequest
    url: str
    body: Mapping[str, object]
    stop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A block of the prompt, its tokens without the format's, and whether it is sent.

    `exact`: by the server's own count, else by estimate.
    """

    block: Block
    tokens: int
    exact: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """One profile's view of a prompt. All numbers are tokens; `margin` is for wrong estimates."""

    profile: str
    window: int
    reply: int
    margin: int
    fitted: Fitted
    sizes: tuple[Size, ...]
    worded: Worded
