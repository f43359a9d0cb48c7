"""Which books count for a prompt, and what a scan leaves behind."""

from dataclasses import replace

from fakes.lore import book, entry, uids
from fakes.scenes import MIRA, ingredients, said, scene

from roleplay.lorebooks.store import Anchors, Link, StoredLorebook
from roleplay.prompting.ingredients import Facts, Ingredients
from roleplay.prompting.lore import AttachedBooks, LoreContributor
from roleplay.prompting.scanning import Books, surroundings
from roleplay.transcript import Turn

GUILD, CHANNEL, PARENT = 9, 5, 4


class Kept:
    """Books by number, and links."""

    def __init__(self, *links: Link) -> None:
        self._links = links

    async def lorebook(self, book_id: int, guild_id: int | None) -> StoredLorebook | None:
        world = book(entry(book_id, "a"), name=str(book_id))
        return StoredLorebook(book_id, guild_id, world, 1, None, 0.0, 0.0) if book_id < 9 else None

    async def links(self, guild_id: int) -> tuple[Link, ...]:
        del guild_id
        return self._links


class Remembered:
    def __init__(self) -> None:
        self.kept: Anchors = {}

    async def anchors(self, channel_id: int) -> Anchors:
        del channel_id
        return self.kept

    async def save(self, channel_id: int, guild_id: int | None, anchors: Anchors) -> None:
        assert (channel_id, guild_id) == (CHANNEL, GUILD)
        self.kept = anchors


def here(*lines: str) -> Ingredients:
    there = replace(scene(), guild_id=GUILD, parent_id=PARENT)
    found = ingredients(said(*lines))
    return replace(found, scene=there, facts=Facts(window=4000))


async def names(*links: Link) -> list[tuple[str, str]]:
    found = await AttachedBooks(Kept(*links))(here("Ann: a"))
    return [(each.name, scope) for each, scope in found]


async def test_channel_parent_server_and_speaker() -> None:
    links = [
        Link(1, "channel", CHANNEL),
        Link(2, "channel", PARENT),
        Link(3, "channel", 77),
        Link(4, "server", GUILD),
        Link(5, "character", MIRA.id),
        Link(6, "character", 77),
    ]
    expected = [("1", "chat"), ("2", "chat"), ("4", "global"), ("5", "character")]
    assert await names(*links) == expected


async def test_a_book_attached_twice_counts_once_and_a_removed_one_not() -> None:
    twice = Link(1, "channel", CHANNEL), Link(1, "server", GUILD), Link(99, "server", GUILD)
    assert await names(*twice) == [("1", "chat")]


async def test_a_turn_leaves_effects_and_a_look_leaves_none() -> None:
    world = book(entry(1, "dragon", sticky=3, scan_depth=1))

    async def books(_: Ingredients) -> Books:
        return [(world, "global")]

    timers = Remembered()
    contribute = LoreContributor(books, timers)
    turn = Turn(1, CHANNEL, GUILD, "running", 1.0, 1)
    assert uids((await contribute(here("Ann: dragon"))).lore) == [1]
    assert timers.kept == {}
    await contribute(replace(here("Ann: dragon"), turn=turn))
    assert [anchor.message_id for anchor in timers.kept.values()] == [1]
    later = here("Ann: dragon", "Mira: Where?", "Ann: There")
    assert uids((await contribute(later)).lore) == [1]
    gone = here("Ann: Hello", "Mira: Where?", "Ann: There")
    gone = replace(gone, history=gone.history[1:])
    assert uids((await contribute(gone)).lore) == []


def test_entries_know_what_the_reply_is_wanted_for() -> None:
    turn = Turn(1, CHANNEL, GUILD, "running", 1.0, 1)
    asked = [
        replace(ingredients([]), turn=turn),
        replace(ingredients([]), turn=replace(turn, posted=(7,))),
        replace(ingredients([]), turn=replace(turn, posted=(7,), continues=True)),
        replace(ingredients([]), turn=turn, wanted="impersonation"),
    ]
    kinds = [surroundings(each).trigger for each in asked]
    assert kinds == ["normal", "swipe", "continue", "impersonate"]
