"""Where each setting of a channel was decided, for those who want to change it."""

from dataclasses import dataclass

from roleplay.bindings import Bindings, ChannelBinding, Source
from roleplay.casting.cast import Cast, Casts
from roleplay.scene import Scene


@dataclass(frozen=True, slots=True)
class Origins:
    """Of what a `Scene` holds beside its profile, which names its own."""

    character: Source = "config"
    mode: Source = "config"
    wake_words: Source = "config"
    when_down: Source = "config"


async def origins_of(scene: Scene, bindings: Bindings, casts: Casts) -> Origins:
    """The nearest decision, in the order in which `roleplay.scene.Scenes` looks."""
    parent_id = scene.parent_id
    own = await bindings.channel(scene.channel_id)
    parent = await bindings.channel(parent_id) if parent_id else None
    return Origins(
        _of_cast(scene, await casts.cast(scene.channel_id)),
        _of_field("mode", own, parent),
        _of_field("wake_words", own, parent),
        _of_field("when_down", own, parent),
    )


def _of_cast(scene: Scene, own: Cast | None) -> Source:
    if not scene.cast and scene.ensemble is None:
        return "config"
    return "channel" if own and own.seats else "parent channel"


def _of_field(name: str, own: ChannelBinding | None, parent: ChannelBinding | None) -> Source:
    if own and getattr(own, name) is not None:
        return "channel"
    return "parent channel" if parent and getattr(parent, name) is not None else "config"
