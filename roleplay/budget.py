"""Fit a prompt to a window: what is sent, and what is left out."""

from collections.abc import Callable
from dataclasses import dataclass

from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import ContextOverflow
from roleplay.phrases import say
from roleplay.prompt import REQUIRED, Block, Prompt
from roleplay.tokens import MESSAGE_TOKENS


@dataclass(frozen=True, slots=True)
class Fitted:
    """`tokens` is the prompt's size with the chat template's share; `left_out` is in order."""

    request: ChatRequest
    left_out: tuple[Block, ...]
    tokens: int
    kept: tuple[Block, ...] = ()


def fit(prompt: Prompt, window: int, reply_tokens: int, count: Callable[[Block], int]) -> Fitted:
    """Leave out the lowest priority first, of equals the earliest, until the rest fits.

    `count` gives the tokens of a block's text; it is asked once a block.

    Raises:
        ContextOverflow: what must be sent is too long by itself. Nothing is ever cut inside a
            block: half a character card or half a message would change what was said.
    """
    sizes = [count(block) + MESSAGE_TOKENS for block in prompt.blocks]
    room = window - reply_tokens
    tokens = sum(sizes) + MESSAGE_TOKENS
    out: set[int] = set()
    for place in _leaving_order(prompt.blocks):
        if tokens <= room:
            break
        out.add(place)
        tokens -= sizes[place]
    if tokens > room:
        raise _too_long(tokens, window, reply_tokens)
    kept = tuple(block for place, block in enumerate(prompt.blocks) if place not in out)
    return Fitted(
        request=ChatRequest(tuple(ChatMessage(b.role, b.text) for b in kept), prompt.stop),
        left_out=tuple(prompt.blocks[place] for place in sorted(out)),
        tokens=tokens,
        kept=kept,
    )


def _leaving_order(blocks: tuple[Block, ...]) -> list[int]:
    optional = [place for place, block in enumerate(blocks) if block.priority < REQUIRED]
    return sorted(optional, key=lambda place: blocks[place].priority)


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
