"""Fit a prompt to a window: what is sent, and what is left out."""

from collections.abc import Callable
from dataclasses import dataclass

from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import ContextOverflow
from roleplay.phrases import say
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.tokens import CHAT, Overhead


@dataclass(frozen=True, slots=True)
class Fitted:
    """`tokens` counts the overhead too; `kept` and `left_out` are in the prompt's order."""

    request: ChatRequest
    left_out: tuple[Block, ...]
    tokens: int
    kept: tuple[Block, ...]


def fit(
    prompt: Prompt,
    window: int,
    reply_tokens: int,
    count: Callable[[Block], int],
    overhead: Overhead = CHAT,
) -> Fitted:
    """Leave out the lowest priority first, of equals the earliest, until the rest fits.

    `count` gives the tokens of a block's text. It is asked from the most important down to the
    first that has no room, so that a long history costs no more than what is sent of it.

    Raises:
        ContextOverflow: what must be sent is too long by itself. Nothing is ever cut inside a
            block: half a character card or half a message would change what was said.
    """
    room = window - reply_tokens
    tokens, kept = overhead.once, set[int]()
    for place in _staying_order(prompt.blocks):
        block = prompt.blocks[place]
        required = block.priority >= REQUIRED
        size = count(block) + overhead.around[block.role]
        if tokens + size > room and not required:
            break
        kept.add(place)
        tokens += size
    if tokens > room:
        raise _too_long(tokens, window, reply_tokens)
    sent = tuple(block for place, block in enumerate(prompt.blocks) if place in kept)
    messages = tuple(ChatMessage(block.role, block.text, block.name) for block in sent)
    return Fitted(
        request=ChatRequest(messages, prompt.stop, char=prompt.char, continues=prompt.continues),
        left_out=tuple(b for place, b in enumerate(prompt.blocks) if place not in kept),
        tokens=tokens,
        kept=sent,
    )


def _staying_order(blocks: tuple[Block, ...]) -> list[int]:
    """Required blocks, then the highest priority first, of equals the latest."""
    return sorted(range(len(blocks)), key=lambda place: (-blocks[place].priority, -place))


def _too_long(tokens: int, window: int, reply_tokens: int) -> ContextOverflow:
    return ContextOverflow(
        say(
            "What must be sent takes about {tokens} tokens, and the window of {window} holds "
            "{room} beside the reply.",
            tokens=tokens,
            window=window,
            room=window - reply_tokens,
        ),
        prompt_tokens=tokens,
        window=window,
        hint=say(
            "Shorten the character's prompt or the last message, or raise maxContextTokens if the "
            "server's window is larger."
        ),
    )
