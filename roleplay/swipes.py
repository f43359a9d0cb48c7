"""Which variant of a reply comes next: the rules of swiping, as SillyTavern has them."""

from dataclasses import dataclass
from typing import Literal

from roleplay.transcript import StoredReply, Turn, TurnKind

NEW: Literal["new"] = "new"
"""Nothing is there yet: it is to be written."""


@dataclass(frozen=True, slots=True)
class Swipe:
    """Which of a reply's variants is being said: `number`, from 0, of `count`.

    What was `begun` stands there already and is gone on with.
    """

    number: int = 0
    count: int = 1
    kind: TurnKind = "reply"
    begun: str = ""


FIRST = Swipe()


def swipe_of(turn: Turn, standing: StoredReply | None) -> Swipe:
    """Where the text goes that a turn brings, beside the reply that it has so far."""
    if standing is None:
        return Swipe(kind=turn.kind)
    if turn.continues:
        return Swipe(standing.number, standing.count, turn.kind, standing.text)
    return Swipe(standing.count, standing.count + 1, turn.kind)


def to_the_left(reply: StoredReply) -> int | None:
    """The number of the variant before, None at the first: left never writes anything."""
    return reply.number - 1 if reply.number > 0 else None


def to_the_right(reply: StoredReply) -> int | Literal["new"] | None:
    """The number of the next; past the end a new one is written.

    A greeting's variants stand on the card: past the end comes the first again, None of a single
    one.
    """
    following = reply.number + 1
    if following < reply.count:
        return following
    if reply.kind == "greeting":
        return 0 if reply.count > 1 else None
    return NEW


def after_dropping(reply: StoredReply) -> int | None:
    """Which variant, by its present number, is shown once the active one is gone; None: no other.

    Of n, without the k-th, that is max(1, k-1) of n-1.
    """
    if reply.count < 2:
        return None
    return reply.number - 1 if reply.number else 1
