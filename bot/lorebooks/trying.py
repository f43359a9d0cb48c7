"""What a text sets off in a lorebook alone, without any chat, character or database."""

import random

from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.result import ScanResult
from roleplay.lorebooks.scan import scan
from roleplay.lorebooks.settings import LoreSettings
from roleplay.lorebooks.surroundings import Line, Surroundings
from roleplay.tokens import Ratios, estimate, weigh


def tried(book: Lorebook, texts: list[str], window: int, settings: LoreSettings) -> ScanResult:
    """`texts` are the messages, the oldest first; `window` is in tokens."""
    return scan(
        [(book, "global")],
        Surroundings(lines=[Line(text) for text in reversed(texts)]),
        settings,
        {},
        window=window,
        roll=random.Random(),
        count=lambda text: estimate(weigh(text), Ratios()),
    )
