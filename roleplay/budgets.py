"""How much may be asked for: limits of messages, tokens and money, and when there is room again."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Scope = Literal["user", "channel", "server", "profile"]

What = Literal["messages", "tokens", "money"]
"""messages: replies that are asked for. tokens: of prompt and reply together."""

SHORTEST_WINDOW = 10.0
LONGEST_WINDOW = 31 * 86400.0
"""Seconds; what was spent longer ago is forgotten."""

BILLION = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` within any `seconds`; money in the currency of the prices.

    `target` is the id of the person or channel, or the profile's name; "" means each one by itself.
    `guild_id` is the server that has set it, 0 the owner by command, None the config.
    """

    scope: Scope
    what: What
    amount: float
    seconds: float
    target: str = ""
    guild_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What one reply will take, and whose it is; `profile` is set where only the profile pays.

    `channel_id` is that of the channel a thread belongs to.
    """

    user_id: int = 0
    channel_id: int = 0
    guild_id: int | None = None
    profile: str = ""
    tokens: int = 0
    cost: float = 0.0

    def payer(self, scope: Scope) -> str:
        """Who pays within a scope; "": nobody."""
        payers: Mapping[Scope, object] = {
            "user": self.user_id,
            "channel": self.channel_id,
            "server": self.guild_id,
            "profile": self.profile,
        }
        return str(payers[scope] or "")

    def need(self, what: What) -> int:
        """In the whole units of the books: messages, tokens, billionths of the currency."""
        if what == "messages":
            return 1
        return self.tokens if what == "tokens" else math.ceil(self.cost * BILLION)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit that leaves no room, and from when on there is; `inf`: what is asked is too big."""

    limit: Limit
    free_at: float


class Books(Protocol):
    """What was spent. Raises `StorageError` from any method."""

    async def limits(self, guild_id: int) -> Sequence[Limit]:
        """Those that were set by command, by one server or (0) by the owner."""
        ...

    async def reserve(self, charge: Charge, limits: Sequence[Limit], now: float) -> int | Refusal:
        """Enter it, all limits permitting: the entry's id. Nobody comes between check and entry."""
        ...

    async def settle(self, entry: int, tokens: int, cost: float) -> None:
        """It took this in truth."""
        ...

    async def release(self, entry: int) -> None:
        """Nothing came of it."""
        ...


def capacity(limit: Limit) -> int:
    """In the units of `Charge.need`."""
    return round(limit.amount * BILLION) if limit.what == "money" else math.floor(limit.amount)


def concerns(limit: Limit, charge: Charge) -> bool:
    payer = charge.payer(limit.scope)
    return bool(payer) and limit.target in ("", payer)


def free_at(spent: Sequence[tuple[float, int]], need: int, limit: Limit, now: float) -> float:
    """From when on `need` has room; not after `now` where it has room at once.

    `spent` are time and amount of what was spent within the window, in order. What lies in the
    future, after a clock was set back, counts until the clock has passed it by the window.
    """
    room = capacity(limit) - need
    if room < 0:
        return math.inf
    used = sum(amount for _, amount in spent)
    at = now
    for when, amount in spent:
        if used <= room:
            break
        used -= amount
        at = when + limit.seconds
    return at
