"""The field's nouns: what is said to a language model and what comes back."""

from dataclasses import dataclass, field
from typing import Literal

from roleplay.sampler import Sampler

Role = Literal["system", "user", "assistant"]

FinishReason = Literal["stop", "length", "filtered", "cut"]
"""`stop`: the model or a stop string ended it. `length`: the token limit. `filtered`: the provider
refused. `cut`: the stream ended early; what came before it is real."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt. `text` already carries the speaker's name where one is wanted.

    `name` is who speaks, for prompt templates that write it elsewhere, too; "" where nobody does.
    """

    role: Role
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What one server is asked, fitted to its window. `max_tokens` None: the profile's sampler.

    `char` is the character that is to speak, "" where none is. With `continues` the last message is
    what it has said so far, and more of it is wanted. What `sampler` sets counts before the
    profile's.
    """

    messages: tuple[ChatMessage, ...]
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    char: str = ""
    continues: bool = False
    sampler: Sampler | None = None


@dataclass(frozen=True, slots=True)
class TextRequest:
    """What one server is asked as a single text, which a prompt template made of the messages."""

    text: str
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    sampler: Sampler | None = None


AnyRequest = ChatRequest | TextRequest


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them, or `estimated` where it does not count.

    `cached_tokens` are part of `prompt_tokens`, `reasoning_tokens` of `completion_tokens`.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a streamed reply. Any field may be empty; `choice` counts alternatives from 0."""

    text: str = ""
    reasoning: str = ""
    finish_reason: FinishReason | None = None
    usage: Usage | None = None
    model: str = ""
    served_by: str = ""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was sent, after it ended.

    `outcome` is "answered" or the `code` of a `BackendError`. `seconds` runs from sending to the
    end. `wait` is the pause in seconds before the next attempt on the same profile, 0 when none.
    `history_left_out` are messages of the history for which the prompt had no room.
    """

    profile: str
    outcome: str
    seconds: float
    status: int | None = None
    detail: str = ""
    hint: str = ""
    wait: float = 0.0
    first_token_seconds: float | None = None
    history_left_out: int = 0


StreamEvent = Delta | Attempt
"""What a `Backend` streams: pieces of text, and a note of each request as it ends."""


@dataclass(frozen=True, slots=True)
class ChatReply:
    """A whole reply: the collected stream.

    `alternatives` are the texts of further choices, where a profile asks for several.
    """

    text: str
    finish_reason: FinishReason
    served_by: str
    model: str = ""
    reasoning: str = ""
    usage: Usage | None = None
    attempts: tuple[Attempt, ...] = field(default=())
    alternatives: tuple[str, ...] = ()
