"""What is noted of changes, and of whose."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.sqlite import look

from roleplay.audit import ACTOR, differences
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.budgets import Limit
from roleplay.casting.cast import Cast, with_seat
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.store import Link
from roleplay.maintenance import Window
from roleplay.prompting.note import AuthorsNote
from roleplay.transcript import IncomingMessage
from storage.open import FILE_NAME, Stores

BOUND = ChannelBinding(11, 1, 7, 1.0, profile="main")


@pytest.fixture
def olga() -> Generator[int]:
    """A person for whom the test works."""
    token = ACTOR.set(7)
    yield 7
    ACTOR.reset(token)


async def test_a_change_is_noted_with_what_was_before(stores: Stores, olga: int) -> None:
    await stores.bindings.bind(BOUND)
    await stores.bindings.bind(replace(BOUND, profile="cloud"))
    await stores.bindings.unbind(11)
    gone, changed, bound = await stores.audit.changes((1,))
    assert (bound.actor_id, bound.action, bound.target, bound.at) == (olga, "channel", "11", 1000.0)
    assert bound.before is None
    assert differences(changed) == [("profile", "main", "cloud")]
    assert gone.after is None


@pytest.mark.usefixtures("olga")
async def test_what_stays_the_same_is_no_change(stores: Stores) -> None:
    await stores.bindings.bind(BOUND)
    await stores.bindings.bind(replace(BOUND, bound_at=2.0))
    assert len(await stores.audit.changes((1,))) == 1


async def test_what_nobody_did_is_not_noted(stores: Stores) -> None:
    await stores.bindings.bind(BOUND)
    await stores.casts.change(Cast(11, 1), lambda cast: with_seat(cast, 7))
    assert await stores.audit.changes((1,)) == []


@pytest.mark.usefixtures("olga")
async def test_every_kind_of_setting_is_noted(stores: Stores) -> None:
    await stores.bindings.save_guild(GuildSettings(1, "main", 9))
    await stores.budgets.set_limit(Limit("user", "messages", 5, 60, guild_id=1))
    await stores.casts.change(Cast(11, 1), lambda cast: with_seat(cast, 7))
    await stores.casts.clear(11)
    book = await stores.lorebooks.add(Lorebook("Lands"), 1)
    await stores.lorebooks.attach(Link(book.id, "channel", 11), 1)
    await stores.prompts.save_note(11, 1, AuthorsNote("Rain."))
    await stores.prompts.save_instruction("server", 1, 1, "main", "Be kind.")
    await stores.characters.add(Contents(Card("Mira"), b"", {}), 1)
    noted = [change.action for change in await stores.audit.changes((1,), limit=50)]
    assert noted[::-1] == [
        "server",
        "limit",
        "characters",
        "characters",
        "lorebook",
        "lorebook link",
        "note",
        "instruction",
        "character",
    ]
    await stores.maintenance.add(Window(profiles=(), start=1.0, seconds=60.0))
    await stores.profiles.save("mine", {"model": "m", "apiKey": "s3cr3t"}, by=7)
    shared = await stores.audit.changes((0,))
    assert [change.action for change in shared] == ["profile", "maintenance"]
    assert "s3cr3t" not in str(shared)


@pytest.mark.usefixtures("olga")
async def test_no_message_is_ever_part_of_it(stores: Stores, tmp_path: Path) -> None:
    await stores.bindings.bind(BOUND)
    said = IncomingMessage(5, 11, 1, 7, "Olga", "xyzzy", 1.0)
    await stores.transcript.accept(said, wants_reply=True)
    assert "xyzzy" not in str(look(tmp_path / FILE_NAME, "SELECT * FROM audit"))


@pytest.mark.usefixtures("olga")
async def test_another_servers_changes_are_not_found(stores: Stores) -> None:
    await stores.bindings.bind(BOUND)
    [change] = await stores.audit.changes((1,))
    assert await stores.audit.changes((2,)) == []
    assert await stores.audit.change(change.id, 2) is None
    assert await stores.audit.change(change.id, 1) == change


@pytest.mark.usefixtures("olga")
async def test_it_is_undone_once(stores: Stores) -> None:
    await stores.bindings.bind(BOUND)
    [change] = await stores.audit.changes((1,))
    assert await stores.audit.claim(change.id)
    assert not await stores.audit.claim(change.id)
