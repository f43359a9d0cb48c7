"""What replies take: tokens, and what they cost."""

from dataclasses import dataclass, replace
from typing import Literal

from roleplay.chat import Usage
from roleplay.profiles import Price
from roleplay.tokens import Ratios, estimate, weigh

By = Literal["total", "profile", "channel", "day", "server", "kind"]

Kind = Literal["reply", "summary", "impersonation"]
"""What was written: what a character said, or a summary for a channel's memory."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Replies added up. `key` is a profile, an id, or days since 1970 (UTC); "" for the total.

    `cost` is in the currency of the prices and leaves out `unpriced` replies; of `estimated` ones
    the server did not count the tokens.
    """

    key: str | int
    replies: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    estimated: int
    unpriced: int
    cost: float


def settled(usage: Usage | None, text: str, reasoning: str) -> Usage | None:
    """An estimated usage with the tokens of what came; a server's own as it is."""
    if usage is None or not usage.estimated:
        return usage
    written = estimate(weigh(text + reasoning), Ratios())
    return replace(usage, completion_tokens=written)


def cost_of(usage: Usage, price: Price) -> float:
    """In the currency of the price; cached tokens cost as others where nothing else is said."""
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    rate = price.input if price.cached_input is None else price.cached_input
    fresh = usage.prompt_tokens - cached
    return (fresh * price.input + cached * rate + usage.completion_tokens * price.output) / 1e6
