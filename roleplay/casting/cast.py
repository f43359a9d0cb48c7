"""Which characters are in a channel, and how they take turns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from roleplay.errors import CastError
from roleplay.phrases import say

TurnOrder = Literal["natural", "list", "pooled", "manual"]
"""natural: who is named, then by talkativeness. list: everyone, in order. pooled: one who has not
spoken since the last person did. manual: nobody who is not asked."""

JoinMode = Literal["swap", "join"]
"""swap: only the speaker's card is in the prompt. join: the cards of all."""

MOST_SEATS = 20
"""Characters of one channel. Each may cost a reply to every message."""

MOST_AUTO_TURNS = 5
"""Turns that characters may ever take among themselves after one person's message."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One character of a channel. `talkativeness` (0..1) None: as its card says."""

    character_id: int
    muted: bool = False
    talkativeness: float | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """The characters of a channel in their order, and the rules between them.

    `auto_turns` is how many turns characters take among themselves after a person's message was
    answered. No seats: the channel has the one character it had before there was a cast.
    """

    channel_id: int
    guild_id: int
    seats: tuple[Seat, ...] = ()
    order: TurnOrder = "natural"
    allow_self_responses: bool = False
    auto_turns: int = 0
    join_mode: JoinMode = "swap"

    def seat(self, character_id: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.character_id == character_id), None)


class Casts(Protocol):
    """Raises `StorageError` from any method."""

    async def cast(self, channel_id: int) -> Cast | None:
        """None: nothing is decided for this channel itself."""
        ...

    async def change(self, start: Cast, change: Callable[[Cast], Cast]) -> Cast:
        """Change what is stored of the cast's channel; `start` is where no character is chosen yet.

        What `change` raises leaves everything as it was.
        """
        ...

    async def clear(self, channel_id: int) -> bool:
        """Back to what the channel has without a cast of its own; False where it had none."""
        ...


def with_seat(cast: Cast, character_id: int) -> Cast:
    """The character comes in as the last.

    Raises:
        CastError: it is there already, or the channel is full.
    """
    if cast.seat(character_id):
        raise CastError(say("That character is in this channel already."))
    if len(cast.seats) >= MOST_SEATS:
        raise CastError(
            say("A channel holds at most {count} characters.", count=MOST_SEATS),
            hint=say("Remove one with /cast remove, or open a second channel or thread."),
        )
    return replace(cast, seats=(*cast.seats, Seat(character_id)))


def alone(cast: Cast, character_id: int | None) -> Cast:
    """The character plays by itself; None: whom the channel had before there was a cast."""
    if character_id is None:
        return replace(cast, seats=())
    return replace(cast, seats=(cast.seat(character_id) or Seat(character_id),))


def without_seat(cast: Cast, character_id: int) -> Cast:
    """Raises `CastError` when the character is not in the channel."""
    gone = _seated(cast, character_id)
    return replace(cast, seats=tuple(seat for seat in cast.seats if seat != gone))


def moved(cast: Cast, character_id: int, place: int) -> Cast:
    """The same cast with the character at `place`, from 1; places beyond the ends are the ends.

    Raises:
        CastError: the character is not in the channel.
    """
    seat = _seated(cast, character_id)
    others = [each for each in cast.seats if each != seat]
    others.insert(max(0, place - 1), seat)
    return replace(cast, seats=tuple(others))


def muted(cast: Cast, character_id: int, *, muted: bool) -> Cast:
    """Raises `CastError` when the character is not in the channel."""
    return _changed(cast, replace(_seated(cast, character_id), muted=muted))


def talkative(cast: Cast, character_id: int, talkativeness: float | None) -> Cast:
    """Raises `CastError` when the character is not in the channel."""
    return _changed(cast, replace(_seated(cast, character_id), talkativeness=talkativeness))


def _changed(cast: Cast, seat: Seat) -> Cast:
    new = (seat if each.character_id == seat.character_id else each for each in cast.seats)
    return replace(cast, seats=tuple(new))


def _seated(cast: Cast, character_id: int) -> Seat:
    seat = cast.seat(character_id)
    if seat is None:
        raise CastError(
            say("That character is not in this channel."),
            hint=say("/cast list names those who are; /cast add brings another in."),
        )
    return seat
