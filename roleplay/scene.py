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
from roleplay.casting.cast import Cast, Casts, JoinMode, TurnOrder
from roleplay.characters.card import Card
from roleplay.characters.store import Characters
from roleplay.outages import WhenDown
from roleplay.personas import Persona


@dataclass(frozen=True, slots=True)
class Character:
    """Who speaks. `id` is the stored character's, 0 that of the config's own."""

    id: int
    card: Card

    @property
    def name(self) -> str:
        return self.card.char

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that calls the character."""
        return tuple(dict.fromkeys(name for name in (self.card.name, self.name) if name))


@dataclass(frozen=True, slots=True)
class Scene:
    """The settings of a channel after every inheritance.

    `personas` are those of the people who wrote, the newest writer's first.
    `cast` are the characters of a channel that has several, in their order and without those that
    are muted; `character` is the one that speaks. With the join mode "join" the cards of all are
    part of the prompt. `ensemble` holds the rules between them; None: there is but one character.
    `parent_id` is the channel of a thread.
    """

    channel_id: int
    character: Character
    profile: Effective
    mode: AnswerMode
    wake_words: tuple[str, ...]
    personas: tuple[Persona, ...] = ()
    cast: tuple[Character, ...] = ()
    join_mode: JoinMode = "swap"
    ensemble: Cast | None = None
    parent_id: int | None = None
    guild_id: int | None = None
    when_down: WhenDown = "fallback"

    @property
    def order(self) -> TurnOrder:
        return self.ensemble.order if self.ensemble else "natural"

    @property
    def called_by(self) -> list[tuple[str, ...]]:
        """The names of each character; where there is but one, its wake words alone call it."""
        return [character.names for character in self.cast] if self.ensemble else []


@dataclass(frozen=True, slots=True)
class SceneDefaults:
    """What the config decides where no channel and no server does."""

    profile: str
    character: Character
    mode: AnswerMode
    wake_words: tuple[str, ...]
    asides: Asides = PLAIN_ASIDES
    when_down: WhenDown = "fallback"


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
        merged = self._merge(channel_id, own, parent, guild)
        scene = replace(merged, parent_id=parent_id, guild_id=guild_id)
        cast = await self.cast(channel_id, parent_id)
        return await self._with_cast(scene, cast, guild_id) if cast and cast.seats else scene

    async def cast(self, channel_id: int, parent_id: int | None) -> Cast | None:
        """The cast in force: the channel's own, else its parent's."""
        if self._casts is None:
            return None
        own = await self._casts.cast(channel_id)
        if parent_id and not (own and own.seats):
            return await self._casts.cast(parent_id)
        return own

    async def character(self, character_id: int, guild_id: int | None) -> Character | None:
        """As this server may use it; 0 is the config's."""
        if character_id == 0:
            return self.defaults.character
        if self._characters is None:
            return None
        stored = await self._characters.character(character_id, guild_id)
        return Character(stored.id, stored.card) if stored else None

    async def _with_cast(self, scene: Scene, cast: Cast, guild_id: int | None) -> Scene:
        """Characters that were removed in the meantime are left out."""
        seated = [(seat, await self.character(seat.character_id, guild_id)) for seat in cast.seats]
        present = [character for _, character in seated if character]
        audible = [character for seat, character in seated if character and not seat.muted]
        if not present:
            return scene
        if len(present) == len(audible) == 1 and cast.order != "manual":
            return replace(scene, character=present[0], cast=tuple(present))
        return replace(
            scene,
            character=(audible or present)[0],
            cast=tuple(audible),
            join_mode=cast.join_mode,
            ensemble=cast,
        )

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
        whens: list[WhenDown] = [layer.when_down for layer in layers if layer.when_down]
        words = [layer.wake_words for layer in layers if layer.wake_words is not None]
        return Scene(
            channel_id=channel_id,
            character=self.defaults.character,
            profile=effective_profile(own, parent, guild, self.defaults.profile),
            mode=modes[0] if modes else self.defaults.mode,
            wake_words=words[0] if words else self.defaults.wake_words,
            when_down=whens[0] if whens else self.defaults.when_down,
        )
