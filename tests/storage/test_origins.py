"""Who decided what holds in a thread."""

from roleplay.bindings import ChannelBinding
from roleplay.casting.cast import Cast, with_seat
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.origins import Origins, origins_of
from roleplay.scene import Character, SceneDefaults, Scenes
from storage.open import Stores


async def test_a_thread_has_its_own_and_its_parents_decisions(stores: Stores) -> None:
    await stores.bindings.bind(ChannelBinding(1, 3, 7, 1.0, mode="mention", wake_words=()))
    await stores.bindings.bind(ChannelBinding(2, 3, 7, 1.0, mode="all"))
    stored = await stores.characters.add(Contents(Card("Luna"), b"", {}), 3)
    await stores.casts.change(Cast(1, 3), lambda cast: with_seat(cast, stored.id))
    defaults = SceneDefaults("main", Character(0, Card("Mira")), "all", ())
    scenes = Scenes(stores.bindings, defaults, stores.casts, stores.characters)
    scene = await scenes.load(2, 1, 3)
    assert scene is not None
    found = await origins_of(scene, stores.bindings, stores.casts)
    assert found == Origins("parent channel", "channel", "parent channel", "config")
