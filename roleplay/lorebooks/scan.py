"""Which entries of the books join the prompt."""

import random
from collections.abc import Callable, Sequence
from typing import Literal

from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.result import ScanResult, Timers
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Surroundings

Scope = Literal["chat", "character", "global"]


def scan(
    books: Sequence[tuple[Lorebook, Scope]],
    around: Surroundings,
    settings: LoreSettings,
    timers: Timers,
    *,
    window: int,
    roll: random.Random,
    count: Callable[[str], int],
    expand: Callable[[str], str] = str,
) -> ScanResult:
    """By SillyTavern's rules; `window` is the context in tokens, `count` tells those of a text.

    `expand` replaces macros in keys and contents. Without `timers` that a former scan of this chat
    returned nothing is sticky and nothing cools down.
    """
    del books, around, timers, roll, count, expand
    return ScanResult(budget=settings.budget(window))
