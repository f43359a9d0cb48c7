from dataclasses import replace
from pathlib import Path

import pytest
from fakes.cards import as_json, png, v3

from roleplay.casting.cast import Cast, with_seat
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.characters.fields import edited
from roleplay.characters.formats import read_file
from roleplay.errors import CardError
from storage import character_limits
from storage.open import Stores, open_stores

OURS, THEIRS = 100, 200


async def test_a_card_comes_back_whole_with_its_picture_and_files(tmp_path: Path) -> None:
    card = read_file(as_json(v3(unknown={"deep": [1]})), "mira.json")[1].card
    contents = Contents(card, png(), {"a/b.mp3": b"ID3"})
    async with open_stores(tmp_path, now=lambda: 1000.0) as stores:
        await stores.characters.add(contents, OURS, by=7, avatar=b"small")
    async with open_stores(tmp_path) as stores:
        stored = await stores.characters.find("mira", OURS)
        assert stored
        assert (stored.made_by, stored.made_at, stored.revision) == (7, 1000.0, 1)
        assert await stores.characters.contents(stored) == contents
        assert await stores.characters.avatar(stored.id) == b"small"


async def test_a_server_sees_its_own_and_shared_characters_only(stores: Stores) -> None:
    kept = stores.characters
    theirs = await kept.add(Contents(Card("Secret")), THEIRS)
    ours = await kept.add(Contents(Card("Mira")), OURS)
    shared = await kept.add(Contents(Card("Bram")), None)
    assert [each.name for each in await kept.listed(OURS)] == ["Bram", "Mira"]
    assert await kept.find("Secret", OURS) is None
    assert await kept.character(theirs.id, OURS) is None
    assert await kept.character(theirs.id, None) is None
    assert await kept.character(ours.id, OURS) == ours
    assert await kept.character(shared.id, THEIRS) == shared


async def test_a_name_is_taken_once_per_server_in_any_case(stores: Stores) -> None:
    await stores.characters.add(Contents(Card("Größe")), OURS)
    await stores.characters.add(Contents(Card("GRÖSSE 2")), OURS)
    await stores.characters.add(Contents(Card("Größe")), THEIRS)
    with pytest.raises(CardError, match="“GRÖSSE” already") as caught:
        await stores.characters.add(Contents(Card("GRÖSSE")), OURS)
    assert "“GRÖSSE 3”" in caught.value.hint
    assert len(await stores.characters.listed(OURS)) == 2


async def test_the_servers_own_is_found_before_a_shared_one_and_a_name_before_a_nickname(
    stores: Stores,
) -> None:
    kept = stores.characters
    await kept.add(Contents(Card("Mira")), None)
    nicknamed = await kept.add(Contents(Card("Mirabelle", nickname="Mira")), OURS)
    assert await kept.find("MIRA ", OURS) == nicknamed
    named = await kept.add(Contents(Card("mira")), OURS)
    assert await kept.find("Mira", OURS) == named


async def test_a_change_counts_as_a_revision_and_is_seen_at_once(stores: Stores) -> None:
    kept = stores.characters
    stored = await kept.add(Contents(Card("Mira")), OURS)
    changed = await kept.save(stored.id, edited(stored.card, name="Mora", scenario="Snow."))
    assert (changed.revision, changed.card.scenario) == (2, "Snow.")
    assert await kept.character(stored.id, OURS) == changed
    assert await kept.find("Mira", OURS) is None
    assert await kept.save(stored.id, changed.card) == replace(changed, revision=3)


async def test_a_file_that_replaces_another_brings_its_picture_and_files(stores: Stores) -> None:
    kept = stores.characters
    stored = await kept.add(Contents(Card("Mira"), b"old", {"a": b"1"}), OURS, avatar=b"old")
    card = read_file(as_json(v3()), "mira.json")[1].card
    new = Contents(card, b"new", {"b": b"2"})
    replaced = await kept.replace(stored.id, new, avatar=b"new")
    assert (replaced.id, replaced.revision) == (stored.id, 2)
    assert await kept.contents(replaced) == new
    assert await kept.avatar(stored.id) == b"new"


async def test_a_shared_character_is_every_servers(stores: Stores) -> None:
    kept = stores.characters
    stored = await kept.add(Contents(Card("Mira")), OURS)
    assert (await kept.share(stored.id)).shared
    assert await kept.find("Mira", THEIRS)
    again = await kept.add(Contents(Card("Mira")), OURS)
    with pytest.raises(CardError, match="already"):
        await kept.share(again.id)
    assert (await kept.character(again.id, OURS)) == again


@pytest.mark.parametrize(("limit", "value"), [("MOST", 2), ("MOST_BYTES", 3)])
async def test_a_servers_characters_have_an_end_and_shared_ones_have_none(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(character_limits, limit, value)
    contents = Contents(Card("Mira"), b"x", {"a": b"x"})
    for guild_id in (OURS, THEIRS, None):
        await stores.characters.add(contents, guild_id)
    await stores.characters.add(replace(contents, card=Card("Bram")), OURS)
    with pytest.raises(CardError, match="This server has 2 characters"):
        await stores.characters.add(Contents(Card("Cora")), OURS)
    for name in ("Bram", "Cora", "Dora"):
        await stores.characters.add(replace(contents, card=Card(name)), None)


async def test_a_removed_character_leaves_its_channels(stores: Stores) -> None:
    stored = await stores.characters.add(Contents(Card("Mira")), OURS)
    await stores.casts.change(Cast(1, OURS), lambda cast: with_seat(cast, stored.id))
    await stores.casts.change(Cast(2, THEIRS), lambda cast: with_seat(cast, stored.id))
    assert await stores.characters.channels_with(stored.id, OURS) == {1: OURS}
    assert await stores.characters.channels_with(stored.id, None) == {1: OURS, 2: THEIRS}
    assert await stores.characters.remove(stored.id)
    cast = await stores.casts.cast(1)
    assert cast
    assert cast.seats == ()
    assert not await stores.characters.remove(stored.id)
    with pytest.raises(CardError, match="removed in the meantime"):
        await stores.characters.save(stored.id, stored.card)
