"""A server's prompt cache holds as far as the prompt begins as the last one did."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from fakes.scenes import ANN, ingredients, said

from roleplay.budget import fit
from roleplay.chat import ChatMessage
from roleplay.prompt import Block
from roleplay.prompting.build import build
from roleplay.prompting.note import AuthorsNote

NOTE = AuthorsNote("It rains.", depth=4)


def turns(window: int, first: int = 40, last: int = 140) -> Iterator[Sequence[ChatMessage]]:
    """What is sent when Ann writes, turn after turn; every message has twenty words."""
    lines = [
        f"{'Ann' if place % 2 == 0 else 'Mira'}: {place} " + "word " * 19 for place in range(last)
    ]
    history = said(*lines)
    for end in range(first | 1, last, 2):
        here = replace(ingredients(history[:end], ANN), note=NOTE)
        yield fit(build(here).prompt, window, 0, words).request.messages


def words(block: Block) -> int:
    return len(block.text.split())


def shared(one: Sequence[ChatMessage], other: Sequence[ChatMessage]) -> int:
    same = [mine == theirs for mine, theirs in zip(one, other, strict=False)]
    return same.index(False) if False in same else len(same)


def test_while_the_history_fits_all_but_the_last_few_messages_are_the_same() -> None:
    for one, other in pairwise(turns(100_000)):
        assert shared(one, other) >= len(one) - NOTE.depth - 3


def test_a_history_that_is_cut_keeps_its_beginning_for_several_turns() -> None:
    pairs = list(pairwise(turns(2000)))
    kept = [shared(one, other) >= len(one) - NOTE.depth - 3 for one, other in pairs]
    assert sum(kept) >= len(kept) * 0.7
    assert sum(shared(one, other) == 0 for one, other in pairs) <= 2  # each example leaves once
