"""A channel's cast in words."""

from collections.abc import Sequence

from roleplay.casting.cast import Cast, JoinMode, Seat, TurnOrder
from roleplay.phrases import count, say
from roleplay.scene import Character

ORDERS: dict[TurnOrder, str] = {
    "natural": "**Order:** natural: who is named, then by talkativeness",
    "list": "**Order:** list: everyone, from first to last",
    "pooled": "**Order:** pooled: one who has not spoken since you did",
    "manual": "**Order:** manual: only who is asked, by /speak or a reply to their message",
}

JOIN_MODES: dict[JoinMode, str] = {
    "swap": "**Prompt:** the speaker's card alone",
    "join": "**Prompt:** the cards of all",
}


def described(cast: Cast, characters: Sequence[Character], *, inherited: bool) -> str:
    """The characters in their order, then the rules between them."""
    there = {character.id: character for character in characters}
    seated = [(there[seat.character_id], seat) for seat in cast.seats if seat.character_id in there]
    lines = [_seat(number, *each) for number, each in enumerate(seated, 1)]
    head = say("**Characters of the parent channel**") if inherited else say("**Characters here**")
    return "\n".join([head, *(lines or [say("Nobody.")]), *_rules(cast)])


def _seat(number: int, character: Character, seat: Seat) -> str:
    if seat.muted:
        return say("{number}. {name} (muted)", number=number, name=character.name)
    own = seat.talkativeness
    odds = character.card.talkativeness if own is None else own
    return say(
        "{number}. {name} (talkativeness {percent} %)",
        number=number,
        name=character.name,
        percent=round(odds * 100),
    )


def _rules(cast: Cast) -> list[str]:
    talk = (
        count(
            cast.auto_turns,
            "**Among themselves:** up to {count} more turn after an answer",
            "**Among themselves:** up to {count} more turns after an answer",
        )
        if cast.auto_turns
        else say("**Among themselves:** no further turns")
    )
    alone = [say("**Self-responses:** allowed")] if cast.allow_self_responses else []
    return [say(ORDERS[cast.order]), say(JOIN_MODES[cast.join_mode]), talk, *alone]
