import pytest
from fakes.chronicle import CHANNEL, message
from fakes.lore import book, entry

from roleplay.errors import LorebookError
from roleplay.lorebooks.store import Anchor, Link
from storage.open import Stores

OURS, THEIRS = 9, 10


async def test_a_book_is_kept_changed_and_removed(stores: Stores) -> None:
    books = stores.lorebooks
    world = book(entry(1, "dragon", sticky=2), name="World")
    stored = await books.add(world, OURS, by=4)
    assert (stored.revision, stored.made_by, stored.made_at) == (1, 4, 1000.0)
    books.forget()
    found = await books.find("WORLD", OURS)
    assert found is not None
    assert found.book == world
    changed = await books.change(stored.id, lambda _: book(entry(2), name="Other"))
    assert (changed.revision, changed.book.name) == (2, "Other")
    assert await books.find("World", OURS) is None
    assert await books.remove(stored.id)
    assert not await books.remove(stored.id)
    assert await books.lorebook(stored.id, OURS) is None


async def test_another_servers_book_is_never_found_and_a_shared_one_always(stores: Stores) -> None:
    books = stores.lorebooks
    mine = await books.add(book(name="World"), OURS)
    assert await books.lorebook(mine.id, THEIRS) is None
    assert await books.find("World", THEIRS) is None
    shared = await books.add(book(name="World"), None)
    assert (await books.find("World", THEIRS)) == shared
    assert (await books.find("World", OURS)) == mine
    assert [each.id for each in await books.listed(THEIRS)] == [shared.id]


async def test_a_name_is_taken_once_and_a_failed_change_changes_nothing(stores: Stores) -> None:
    books = stores.lorebooks
    first = await books.add(book(name="World"), OURS)
    with pytest.raises(LorebookError, match="already"):
        await books.add(book(name="wORLD"), OURS)
    second = await books.add(book(name="Other"), OURS)
    with pytest.raises(LorebookError, match="already"):
        await books.change(second.id, lambda _: book(name="World"))
    assert (await books.listed(OURS))[0].name == "Other"
    assert await books.lorebook(first.id, OURS) == first


async def test_links_are_a_servers_own_and_go_with_the_book(stores: Stores) -> None:
    books = stores.lorebooks
    shared = await books.add(book(name="World"), None)
    link = Link(shared.id, "channel", 5)
    assert await books.attach(link, OURS)
    assert not await books.attach(link, OURS)
    assert await books.links(OURS) == (link,)
    assert await books.links(THEIRS) == ()
    assert await books.detach(link, OURS)
    assert not await books.detach(link, OURS)
    await books.attach(link, OURS)
    await books.remove(shared.id)
    assert await books.links(OURS) == ()


async def test_effects_are_kept_by_channel(stores: Stores) -> None:
    timers = stores.lore_timers
    assert await timers.anchors(5) == {}
    kept = {"a": Anchor(7, 3), "b": Anchor(8, None)}
    await timers.save(5, OURS, kept)
    timers.forget()
    assert await timers.anchors(5) == kept
    assert await timers.anchors(6) == {}
    await timers.save(5, OURS, {})
    assert await timers.anchors(5) == {}


async def test_a_branch_has_the_effects_that_began_in_it(stores: Stores) -> None:
    for at in (1, 2):
        await stores.transcript.accept(message(at), wants_reply=False)
    first, second = await stores.transcript.recent(CHANNEL, 2)
    kept = {"a": Anchor(first.id, 3), "b": Anchor(second.id, None)}
    await stores.lore_timers.save(CHANNEL, OURS, kept)
    await stores.transcript.branch(1, 77, 400)
    [copy] = await stores.transcript.recent(77, 1)
    assert await stores.lore_timers.anchors(77) == {"a": Anchor(copy.id, 3)}
    assert await stores.lore_timers.anchors(CHANNEL) == kept
