"""Which earlier moments are recalled, and how they are told."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from roleplay.memory.store import Hit
from roleplay.sanitise import defuse
from roleplay.tokens import Ratios, estimate, weigh
from roleplay.transcript import StoredMessage

NEWEST_HITS = 64
"""Messages looked at for each word. A word that has as many is common, and weighs little."""

MOST = 5
"""Moments."""

ENOUGH = 2.0
"""What a moment must weigh: one rare word, or several that are less rare."""

LONGEST = 240
"""Characters of one quote."""

FUSION = 60
"""The usual constant: that a search is first in one order counts little against being in both."""

HEADING = "[Moments from earlier in this chat:]"


def ranked(hits: Iterable[Hit], most: int = MOST) -> list[int]:
    """Ids of the messages that share the most with what was sought; of equals the newest first."""
    places: dict[int, list[int]] = defaultdict(list)
    for hit in hits:
        places[hit.term].append(hit.message_id)
    weights: dict[int, float] = defaultdict(float)
    for ids in places.values():
        worth = math.log(1 + NEWEST_HITS / len(ids))
        for message_id in ids:
            weights[message_id] += worth
    good = [each for each, weight in weights.items() if weight >= ENOUGH]
    return sorted(good, key=lambda each: (-weights[each], -each))[:most]


def fused(orders: Iterable[Sequence[int]], most: int = MOST) -> list[int]:
    """Orders from different searches as one: reciprocal rank fusion."""
    weights: dict[int, float] = defaultdict(float)
    for order in orders:
        for rank, message_id in enumerate(order, 1):
            weights[message_id] += 1 / (FUSION + rank)
    return sorted(weights, key=lambda each: (-weights[each], -each))[:most]


def told(moments: Sequence[StoredMessage], order: Sequence[int], budget: int) -> str:
    """The moments as quotes in the channel's order; the weakest are left out at the budget."""
    by_id: Mapping[int, StoredMessage] = {one.id: one for one in moments}
    left = budget - _tokens(HEADING)
    chosen: dict[int, str] = {}
    for message_id in order:
        if message_id in by_id:
            line = _quote(by_id[message_id])
            left -= _tokens(line)
            if left < 0:
                break
            chosen[message_id] = line
    lines = [chosen[one.id] for one in moments if one.id in chosen]
    return "\n".join([HEADING, *lines]) if lines else ""


def _quote(message: StoredMessage) -> str:
    text = " ".join(message.text.split())
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"- {defuse(message.author_name)}: {defuse(short)}"


def _tokens(text: str) -> int:
    return estimate(weigh(text), Ratios())
