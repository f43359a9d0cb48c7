"""What a channel plays: its character, its profile, and when it answers."""

from dataclasses import dataclass, replace

from roleplay.asides import PLAIN_ASIDES, Asides
from roleplay.bindings import (
    AnswerMode,
    Bindings,
    ChannelBinding,
    Effective,
    GuildSettings,
    effective_profile,
)
from roleplay.casting.cast import Cast, Casts, JoinMode
from roleplay.characters.card import Card
from roleplay.characters.store import Characters
from roleplay.personas import Persona


@dataclass(frozen=True, slots=True)
class Character:
    """Who speaks. `id` is the stored character's, 0 that of the config's own."""

    id: int
    card: Card

    @property
    def name(self) -> str:
        return self.card.char


@dataclass(frozen=True, slots=True)
class Scene:
    """The settings of a channel after every inheritance.

    `personas` are those of the people who wrote, the newest writer's first.
    `cast` are the characters of a channel that has several, in their order and without those that
    are muted; `character` is the one that speaks. With the join mode "join" the cards of all are
    part of the prompt.
    """

    channel_id: int
    character: Character
    profile: Effective
    mode: AnswerMode
    wake_words: tuple[str, ...]
    personas: tuple[Persona, ...] = ()
    cast: tuple[Character, ...] = ()
    join_mode: JoinMode = "swap"


@dataclass(frozen=True, slots=True)
class SceneDefaults:
    """What the config decides where no channel and no server does."""

    profile: str
    character: Character
    mode: AnswerMode
    wake_words: tuple[str, ...]
    asides: Asides = PLAIN_ASIDES


class Scenes:
    """Loads the scene of a channel; a thread inherits from its parent channel."""

    def __init__(
        self,
        bindings: Bindings,
        defaults: SceneDefaults,
        casts: Casts | None = None,
        characters: Characters | None = None,
    ) -> None:
        self._bindings = bindings
        self._casts = casts
        self._characters = characters
        self.defaults = defaults

    async def load(
        self, channel_id: int, parent_id: int | None, guild_id: int | None
    ) -> Scene | None:
        """None: neither the channel nor its parent is bound, so the bot is silent there."""
        own = await self._bindings.channel(channel_id)
        parent = await self._bindings.channel(parent_id) if parent_id else None
        if own is None and parent is None:
            return None
        guild = await self._guild(guild_id)
        scene = self._merge(channel_id, own, parent, guild)
        cast = await self._cast(channel_id) or await self._cast(parent_id)
        return await self._peopled(scene, cast, guild_id) if cast else scene

    async def _cast(self, channel_id: int | None) -> Cast | None:
        """None: nobody was chosen for this channel."""
        cast = await self._casts.cast(channel_id) if self._casts and channel_id else None
        return cast if cast and cast.seats else None

    async def _peopled(self, scene: Scene, cast: Cast, guild_id: int | None) -> Scene:
        """A character that was removed, or is another server's, is not there."""
        seats = [seat.character_id for seat in cast.seats if not seat.muted]
        found = [await self._character(character_id, guild_id) for character_id in seats]
        here = tuple(character for character in found if character)
        first = here[0] if here else scene.character
        return replace(scene, character=first, cast=here, join_mode=cast.join_mode)

    async def _character(self, character_id: int, guild_id: int | None) -> Character | None:
        if character_id == 0:
            return self.defaults.character
        kept = self._characters
        stored = await kept.character(character_id, guild_id) if kept else None
        return Character(stored.id, stored.card) if stored else None

    async def _guild(self, guild_id: int | None) -> GuildSettings:
        return await self._bindings.guild(guild_id) if guild_id else GuildSettings(0)

    def _merge(
        self,
        channel_id: int,
        own: ChannelBinding | None,
        parent: ChannelBinding | None,
        guild: GuildSettings,
    ) -> Scene:
        layers = [binding for binding in (own, parent) if binding]
        modes: list[AnswerMode] = [layer.mode for layer in layers if layer.mode]
        words = [layer.wake_words for layer in layers if layer.wake_words is not None]
        return Scene(
            channel_id=channel_id,
            character=self.defaults.character,
            profile=effective_profile(own, parent, guild, self.defaults.profile),
            mode=modes[0] if modes else self.defaults.mode,
            wake_words=words[0] if words else self.defaults.wake_words,
        )
