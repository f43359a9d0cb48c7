"""Counts a profile's tokens: by its tokenizer where that was asked before, else by estimate."""

from collections.abc import Callable, Iterable

from roleplay.prompt import Block
from roleplay.tokens import CHAT, Overhead, Ratios, Weight, estimate, learn, total

MARGIN = 64
"""Tokens kept free, at least, while any part of a prompt is an estimate; else a tenth of it."""


class Meter:
    """One profile's counts. `vocabulary` is its tokenizer's id, "" where it has none so far.

    `weigh` is `roleplay.tokens.weigh`, or the same with a memory. `overhead` is what the format of
    the profile's prompts adds.
    """

    def __init__(
        self, vocabulary: str, weigh: Callable[[str], Weight], overhead: Overhead = CHAT
    ) -> None:
        self.ratios = Ratios()
        self.overhead = overhead
        self.vocabulary = vocabulary
        self._weigh = weigh

    def count(self, block: Block) -> int:
        """Tokens of a block's text."""
        exact = self._exact(block)
        return estimate(self._weigh(block.text), self.ratios) if exact is None else exact

    def is_exact(self, block: Block) -> bool:
        """Counted by the server's own tokenizer."""
        return self._exact(block) is not None

    def margin(self, blocks: Iterable[Block], room: int) -> int:
        """Tokens to keep free for the error of the estimates in a prompt of up to `room` tokens."""
        guessed = sum(self.count(block) for block in blocks if self._exact(block) is None)
        return max(MARGIN, min(guessed, room) // 10) if guessed else 0

    def learn(self, blocks: Iterable[Block], counted: int, overhead: int) -> None:
        """The server counted `counted` tokens for a prompt of exactly these blocks.

        `overhead` are those of them that the format added.
        """
        blocks = list(blocks)
        exact = [self._exact(block) for block in blocks]
        known = sum(tokens or 0 for tokens in exact) + overhead
        guessed = [b for b, tokens in zip(blocks, exact, strict=True) if tokens is None]
        weight = total(self._weigh(block.text) for block in guessed)
        self.ratios = learn(self.ratios, weight, counted - known)

    def _exact(self, block: Block) -> int | None:
        return block.counts.get(self.vocabulary) if self.vocabulary else None
