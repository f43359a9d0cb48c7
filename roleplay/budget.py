"""Fit a prompt to a window: what is sent, and what is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from roleplay.chat import ChatMessage, ChatRequest
from roleplay.errors import ContextOverflow
from roleplay.phrases import say
from roleplay.prompt import ALONE, REQUIRED, Block, Prompt
from roleplay.steady import landmark
from roleplay.tokens import CHAT, Overhead

SLACK = 8
"""What part of the room is given up, at most, for a history that begins at a landmark."""

JOINT = 1
"""Tokens between two texts of the opening."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """`tokens` counts the format's `overhead` too; `kept`, `left_out` are in the prompt's order."""

    request: ChatRequest
    left_out: tuple[Block, ...]
    tokens: int
    kept: tuple[Block, ...]
    overhead: int

    @property
    def history_left_out(self) -> int:
        """Messages of the history that are not sent."""
        return sum(block.id != 0 for block in self.left_out)


def fit(
    prompt: Prompt,
    window: int,
    reply_tokens: int,
    count: Callable[[Block], int],
    overhead: Overhead = CHAT,
) -> Fitted:
    """Leave out the lowest priority first, of equals the earliest, until the rest fits.

    `count` gives the tokens of a block's text. It is asked from the most important down to the
    first that has no room, so that a long history costs no more than what is sent of it. A history
    that is cut begins at a landmark. The system texts before it are one message: many servers know
    only one.

    Raises:
        ContextOverflow: what must be sent is too long by itself. Nothing is ever cut inside a
            block: half a character card or half a message would change what was said.
    """
    blocks, room = prompt.blocks, window - reply_tokens
    tokens, sizes = overhead.once, dict[int, int]()
    around = _around(blocks, overhead)
    for place in _staying_order(blocks):
        block = blocks[place]
        size = count(block) + around[place]
        if tokens + size > room and block.priority < ALONE:
            break
        if tokens + size <= room or block.priority >= REQUIRED:
            sizes[place] = size
            tokens += size
    if tokens > room:
        raise _too_long(tokens, window, reply_tokens)
    for place in _before_landmark(blocks, sizes, room // SLACK):
        tokens -= sizes.pop(place)
    sent = tuple(block for place, block in enumerate(blocks) if place in sizes)
    return Fitted(
        request=ChatRequest(
            _messages(sent),
            prompt.stop,
            char=prompt.char,
            continues=prompt.continues,
            sampler=prompt.sampler,
        ),
        left_out=tuple(block for place, block in enumerate(blocks) if place not in sizes),
        tokens=tokens,
        kept=sent,
        overhead=overhead.once + sum(around[place] for place in sizes),
    )


def _around(blocks: Sequence[Block], overhead: Overhead) -> list[int]:
    """The format's tokens around each block."""
    around = [overhead.around[block.role] for block in blocks]
    around[1 : _opening(blocks)] = [JOINT] * max(_opening(blocks) - 1, 0)
    return around


def _opening(blocks: Sequence[Block]) -> int:
    """How many blocks come before the first that is no system text."""
    return next((at for at, one in enumerate(blocks) if one.role != "system"), len(blocks))


def _messages(sent: Sequence[Block]) -> tuple[ChatMessage, ...]:
    first = _opening(sent)
    opening = "\n\n".join(block.text for block in sent[:first])
    rest = (ChatMessage(block.role, block.text, block.name) for block in sent[first:])
    return (ChatMessage("system", opening), *rest) if first else tuple(rest)


def _before_landmark(
    blocks: Sequence[Block], sizes: Mapping[int, int], spare: int
) -> Sequence[int]:
    """Kept places to give up, for `spare` tokens at most, where the history was cut anyway."""
    history = [place for place, block in enumerate(blocks) if block.id]
    kept = [place for place in history if place in sizes]
    if len(kept) == len(history):
        return ()
    some: list[int] = []
    for place in kept:
        some.append(place)
        spare -= sizes[place]
        if spare < 0:
            break
    return some[: landmark([blocks[place].id for place in some])] if some else ()


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
