"""What managers do to a channel's cast, and what they are told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.casting.text import described
from bot.characters.names import CharacterNames
from roleplay.casting.cast import (
    Cast,
    Casts,
    JoinMode,
    TurnOrder,
    moved,
    muted,
    talkative,
    with_seat,
    without_seat,
)
from roleplay.errors import CardError, CastError
from roleplay.phrases import say
from roleplay.scene import Character, Scenes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command was used; `parent_id` is the channel of a thread."""

    channel_id: int
    parent_id: int | None
    guild_id: int


class CastDesk:
    """Each change answers with the cast as it then is.

    Raises:
        CardError: this server may use no character of that name.
        CastError: the change cannot be made.
    """

    def __init__(self, casts: Casts, scenes: Scenes, names: CharacterNames) -> None:
        self._casts = casts
        self._scenes = scenes
        self._names = names

    async def show(self, at: Place) -> str:
        cast = await self._scenes.cast(at.channel_id, at.parent_id)
        if cast is None or not cast.seats:
            return say("This channel has one character. /cast add brings others in.")
        return await self._told(cast, at)

    async def add(self, at: Place, name: str) -> str:
        character = await self.character(at, name)
        before = await self._scenes.cast(at.channel_id, at.parent_id)
        told = await self._change(at, partial(with_seat, character_id=character.id))
        config = self._scenes.defaults.character
        if (before is None or not before.seats) and character.id != config.id:
            return told + "\n" + _left_out(config)
        return told

    async def remove(self, at: Place, name: str) -> str:
        character = await self.character(at, name)
        return await self._change(at, partial(without_seat, character_id=character.id))

    async def move(self, at: Place, name: str, place: int) -> str:
        character = await self.character(at, name)
        return await self._change(at, partial(moved, character_id=character.id, place=place))

    async def mute(self, at: Place, name: str, *, mute: bool) -> str:
        character = await self.character(at, name)
        return await self._change(at, partial(muted, character_id=character.id, muted=mute))

    async def set_talkativeness(self, at: Place, name: str, percent: int | None) -> str:
        """None: as the card says."""
        character = await self.character(at, name)
        odds = None if percent is None else percent / 100
        return await self._change(
            at, partial(talkative, character_id=character.id, talkativeness=odds)
        )

    async def set_order(self, at: Place, order: TurnOrder, self_responses: bool | None) -> str:  # noqa: FBT001 - a command's option
        def change(cast: Cast) -> Cast:
            kept = cast.allow_self_responses if self_responses is None else self_responses
            return replace(_peopled(cast), order=order, allow_self_responses=kept)

        return await self._change(at, change)

    async def set_join_mode(self, at: Place, mode: JoinMode) -> str:
        return await self._change(at, lambda cast: replace(_peopled(cast), join_mode=mode))

    async def set_auto_turns(self, at: Place, turns: int) -> str:
        return await self._change(at, lambda cast: replace(_peopled(cast), auto_turns=turns))

    async def clear(self, at: Place) -> str:
        if await self._casts.clear(at.channel_id):
            return say("The cast of this channel is dissolved.")
        return say("This channel has no cast of its own.")

    async def character(self, at: Place, name: str) -> Character:
        """Of the channel, of the server, or the config's own."""
        seated = await self._seated(at, name)
        if seated:
            return seated
        config = self._scenes.defaults.character
        try:
            stored = await self._names.get(name, at.guild_id)
        except CardError:
            if name.casefold() == config.name.casefold():
                return config
            raise
        return Character(stored.id, stored.card)

    async def here(self, at: Place) -> list[Character]:
        """The characters of the channel, those that are muted too."""
        cast = await self._scenes.cast(at.channel_id, at.parent_id)
        return await self._characters(cast, at) if cast else []

    async def _seated(self, at: Place, name: str) -> Character | None:
        wanted = name.casefold()
        for each in await self.here(at):
            if wanted in (each.card.name.casefold(), each.name.casefold()):
                return each
        return None

    async def _characters(self, cast: Cast, at: Place) -> list[Character]:
        found = [
            await self._scenes.character(seat.character_id, at.guild_id) for seat in cast.seats
        ]
        return [character for character in found if character]

    async def _change(self, at: Place, change: Callable[[Cast], Cast]) -> str:
        inherited = await self._scenes.cast(at.channel_id, at.parent_id)
        start = replace(inherited, channel_id=at.channel_id) if inherited else None
        cast = await self._casts.change(start or Cast(at.channel_id, at.guild_id), change)
        return await self._told(cast, at)

    async def _told(self, cast: Cast, at: Place) -> str:
        inherited = cast.channel_id != at.channel_id
        told = described(cast, await self._characters(cast, at), inherited=inherited)
        if await self._scenes.load(at.channel_id, at.parent_id, at.guild_id):
            return told
        return told + "\n" + say("-# This channel is not bound yet: /channel bind.")


def _peopled(cast: Cast) -> Cast:
    """Rules mean nothing to a channel without a cast."""
    if not cast.seats:
        raise CastError(
            say("This channel has one character, so there is nothing to settle."),
            hint=say("Bring others in first, with /cast add."),
        )
    return cast


def _left_out(config: Character) -> str:
    return say(
        "-# {name}, who spoke here before, is not among them: /cast add changes that.",
        name=config.name,
    )
