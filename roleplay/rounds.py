"""A round: those who answer one message, a turn each, one after the other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from roleplay.casting.cast import Cast, Seat
from roleplay.casting.choosing import Member, Moment, choose_next, choose_speakers
from roleplay.errors import CastError
from roleplay.phrases import say
from roleplay.scene import Character, Scene
from roleplay.transcript import Turn

CUT_OFF = "cut_off"
"""The error code of turns that the end of the program cut off."""

HELD_UP = "held_up"
"""Of turns that were not begun, as an earlier speaker of their round failed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a turn answers: the people's words, and the character they answered, if any."""

    text: str
    addressed: int | None = None


class Rounds(Protocol):
    """The turns with one trigger in one channel. Raises `StorageError` from any method."""

    async def asked(self, turn_id: int) -> Asked: ...

    async def share(self, turn_id: int, speakers: Sequence[int], auto_turns: int) -> list[Turn]:
        """The first speaks in this turn, each other in a new one of its own, all or none.

        Returns the new turns, in order. The last of the round may be followed by `auto_turns`.
        """
        ...

    async def follow(self, turn_id: int, character_id: int) -> Turn | None:
        """One more turn of the round, where its turn may be followed and no person waits."""
        ...

    async def spoken(self, turn_id: int) -> list[int]:
        """The characters that have spoken in the round."""
        ...

    async def is_superseded(self, turn_id: int) -> bool:
        """Whether a person has said something newer that waits for an answer."""
        ...

    async def end_rest(self, turn_id: int, code: str) -> int:
        """End the round's turns behind this one that wait; returns how many."""
        ...

    async def reopen_rest(self, turn_id: int, codes: Sequence[str]) -> list[Turn]:
        """Make those behind this one `accepted` again that ended with one of the error codes."""
        ...

    async def reopen_all(self, turn_id: int) -> list[Turn]:
        """The whole round again, in order; nothing where one of it is waiting or running."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """The scene with its speaker, and the turns that now wait behind this one."""

    scene: Scene
    queued: tuple[Turn, ...] = ()


class Direction(Protocol):
    """Who speaks in a turn, and which turns come of it. Raises `StorageError`."""

    async def open(self, turn: Turn, scene: Scene) -> Opening | None:
        """None: nobody speaks in this turn.

        Raises:
            CastError: the character of the turn is not there any more.
        """
        ...

    async def close(self, turn: Turn, scene: Scene, text: str) -> tuple[Turn, ...]:
        """The reply is stored: the turn that a character takes because of it, if any."""
        ...

    async def stop(self, turn: Turn) -> None:
        """The turn was stopped, and so is the round."""
        ...

    async def hold(self, turn: Turn) -> None:
        """The turn failed, and the next would fail too: they wait for its next try."""
        ...


class Solo:
    """A `Direction` where there is but one character."""

    async def open(self, turn: Turn, scene: Scene) -> Opening:
        del turn
        return Opening(scene)

    async def close(self, turn: Turn, scene: Scene, text: str) -> tuple[Turn, ...]:
        del turn, scene, text
        return ()

    async def stop(self, turn: Turn) -> None:
        del turn

    async def hold(self, turn: Turn) -> None:
        del turn


Finder = Callable[[int, int | None], Awaitable[Character | None]]
"""A character by its id, for a server; None where there is none."""


class Director:
    """A `Direction` by the rules of the channel's cast. One character alone costs nothing."""

    def __init__(self, rounds: Rounds, find: Finder, rng: Random) -> None:
        self._rounds = rounds
        self._find = find
        self._rng = rng

    async def open(self, turn: Turn, scene: Scene) -> Opening | None:
        cast = scene.ensemble
        if turn.character_id is None:
            begins = cast if turn.kind == "reply" else None
            return await self._begin(turn, scene, begins) if begins else Opening(scene)
        if cast and await self._is_dropped(turn, cast):
            return None
        scene = await self._with_speaker(scene, turn.character_id, turn.guild_id)
        rest = await self._rounds.reopen_rest(turn.id, (CUT_OFF, HELD_UP)) if cast else ()
        return Opening(scene, tuple(rest))

    async def close(self, turn: Turn, scene: Scene, text: str) -> tuple[Turn, ...]:
        cast = scene.ensemble
        if cast is None or not cast.auto_turns:
            return ()
        spoken = await self._rounds.spoken(turn.id)
        moment = Moment(text, last_speaker=scene.character.id, spoken=spoken)
        allowed = cast.allow_self_responses
        chosen = choose_next(
            cast.order, members(scene, cast), moment, self._rng, allow_self_responses=allowed
        )
        if chosen is None:
            return ()
        following = await self._rounds.follow(turn.id, chosen.character_id)
        return (following,) if following else ()

    async def stop(self, turn: Turn) -> None:
        await self._rounds.end_rest(turn.id, "stopped")

    async def hold(self, turn: Turn) -> None:
        await self._rounds.end_rest(turn.id, HELD_UP)

    async def _begin(self, turn: Turn, scene: Scene, cast: Cast) -> Opening | None:
        asked = await self._rounds.asked(turn.id)
        moment = Moment(asked.text, addressed=asked.addressed)
        chosen = choose_speakers(cast.order, members(scene, cast), moment, self._rng)
        if not chosen:
            return None
        ids = [member.character_id for member in chosen]
        queued = await self._rounds.share(turn.id, ids, cast.auto_turns)
        return Opening(await self._with_speaker(scene, ids[0], turn.guild_id), tuple(queued))

    async def _with_speaker(self, scene: Scene, character_id: int, guild_id: int | None) -> Scene:
        if scene.character.id == character_id:
            return scene
        found = await self._find(character_id, guild_id)
        if found is None:
            raise CastError(
                say("The character that was to speak is not there any more."),
                hint=say("/cast list names those who are. A new message is answered by them."),
            )
        cast = scene.cast if found in scene.cast else (*scene.cast, found)
        return replace(scene, character=found, cast=cast)

    async def _is_dropped(self, turn: Turn, cast: Cast) -> bool:
        """What a person says meanwhile comes first; a list is always gone through to its end."""
        waiting = turn.place > 0 and not turn.posted
        return waiting and cast.order != "list" and await self._rounds.is_superseded(turn.id)


def members(scene: Scene, cast: Cast) -> list[Member]:
    """The characters of the channel that are not muted, as turn orders see them."""
    return [_member(character, cast.seat(character.id)) for character in scene.cast]


def _member(character: Character, seat: Seat | None) -> Member:
    own = seat.talkativeness if seat else None
    odds = character.card.talkativeness if own is None else own
    return Member(character.id, character.names, odds)
