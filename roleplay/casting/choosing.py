"""Who speaks next, by the rules that SillyTavern's groups follow."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from roleplay.casting.cast import TurnOrder
from roleplay.casting.names import named


@dataclass(frozen=True, slots=True)
class Member:
    """A character as a turn order sees it: every name it goes by, and its odds to speak, 0..1."""

    character_id: int
    names: tuple[str, ...]
    talkativeness: float = 0.5
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said last.

    `last_speaker` is the character that said it, None where a person did. `addressed` is the
    character whose message it answers. `spoken` are those who spoke since a person last did.
    """

    text: str
    last_speaker: int | None = None
    addressed: int | None = None
    spoken: Collection[int] = ()


def choose_speakers(
    order: TurnOrder,
    members: Sequence[Member],
    moment: Moment,
    rng: Random,
    *,
    allow_self_responses: bool = False,
) -> tuple[Member, ...]:
    """Those who answer, one after the other, each once; muted members never do.

    Nobody answers itself, unless that is allowed.
    """
    audible = [member for member in members if not member.muted]
    if order == "list":
        return tuple(audible)
    banned = None if allow_self_responses else moment.last_speaker
    if order == "manual":
        return tuple(_addressed(audible, moment))
    if order == "pooled":
        return tuple(_pooled(audible, moment, rng))
    others = [member for member in audible if member.character_id != banned]
    return tuple(dict.fromkeys(_natural(others, moment, rng)))


def choose_next(
    order: TurnOrder,
    members: Sequence[Member],
    moment: Moment,
    rng: Random,
    *,
    allow_self_responses: bool = False,
) -> Member | None:
    """The one who goes on after a character has spoken; in a list, the next in it."""
    if order == "list":
        members = _after(members, moment.last_speaker)
    chosen = choose_speakers(order, members, moment, rng, allow_self_responses=allow_self_responses)
    others = [each for each in chosen if each.character_id != moment.last_speaker]
    allowed = chosen if allow_self_responses else others
    return allowed[0] if allowed else None


def _after(members: Sequence[Member], character_id: int | None) -> list[Member]:
    """The members in order, beginning behind one of them."""
    ids = [member.character_id for member in members]
    start = ids.index(character_id) + 1 if character_id in ids else 0
    return [*members[start:], *members[:start]]


def _addressed(members: Sequence[Member], moment: Moment) -> list[Member]:
    return [member for member in members if member.character_id == moment.addressed]


def _natural(members: Sequence[Member], moment: Moment, rng: Random) -> Iterator[Member]:
    """May name one more than once."""
    called = _addressed(members, moment)
    called += [members[index] for index in named(moment.text, [each.names for each in members])]
    chatty = [member for member in _shuffled(members, rng) if _feels_like_it(member, rng)]
    yield from called or chatty or _anyone(members, rng)
    yield from chatty


def _feels_like_it(member: Member, rng: Random) -> bool:
    return 0 < member.talkativeness >= rng.random()


def _anyone(members: Sequence[Member], rng: Random) -> list[Member]:
    """One of those who ever speak by themselves, else one of all."""
    pool = [member for member in members if member.talkativeness > 0] or members
    return [rng.choice(pool)] if pool else []


def _pooled(members: Sequence[Member], moment: Moment, rng: Random) -> list[Member]:
    """One who has not spoken since a person did; when all have, anyone but the last."""
    if asked := _addressed(members, moment):
        return asked
    fresh = [member for member in members if member.character_id not in moment.spoken]
    others = [member for member in members if member.character_id != moment.last_speaker]
    pool = fresh or others or members
    return [rng.choice(pool)] if pool else []


def _shuffled(members: Sequence[Member], rng: Random) -> list[Member]:
    return rng.sample(members, len(members))
