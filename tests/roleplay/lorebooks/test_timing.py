"""Effects that last some messages."""

from collections.abc import Sequence
from dataclasses import replace

from fakes.lore import book, entry, scanned, uids

from roleplay.lorebooks.book import Lorebook, LoreEntry
from roleplay.lorebooks.result import ScanResult, Timers

KEY = "dragon"


def played(world: Lorebook, messages: Sequence[str]) -> list[ScanResult]:
    """A scan after each message."""
    timers: Timers = {}
    results: list[ScanResult] = []
    for count in range(1, len(messages) + 1):
        results.append(scanned(world, said=messages[:count], timers=timers))
        timers = results[-1].timers
    return results


def states(one: LoreEntry, messages: Sequence[str]) -> list[str]:
    def state(result: ScanResult) -> str:
        fired = [each.why for each in result.activated]
        return (*fired, *[each.why for each in result.skipped], "-")[0]

    return [state(result) for result in played(book(one), messages)]


def test_delay_sticky_and_cooldown_as_in_sillytaverns_example() -> None:
    one = entry(1, KEY, sticky=3, cooldown=2, delay=2)
    assert states(one, [KEY] * 8) == [
        "delay",
        "key",
        *["sticky"] * 3,
        *["cooldown"] * 2,
        "key",
    ]


def test_sticky_needs_no_key() -> None:
    assert states(entry(1, KEY, sticky=2, scan_depth=1), [KEY, "x", "x", "x"]) == [
        "key",
        "sticky",
        "sticky",
        "-",
    ]


def test_cooldown_without_sticky() -> None:
    one = entry(1, KEY, cooldown=2)
    assert states(one, [KEY] * 4) == ["key", "cooldown", "cooldown", "key"]


def test_a_key_that_is_said_again_does_not_prolong_it() -> None:
    one = entry(1, KEY, sticky=2, scan_depth=1)
    assert states(one, [KEY, KEY, "x", "x"]) == ["key", "sticky", "sticky", "-"]


def test_sticky_rolls_no_more_and_wins_its_group() -> None:
    world = book(
        entry(1, KEY, sticky=3, probability=100, group="g", group_override=True),
        entry(2, "cat", group="g", group_override=True, order=999),
    )
    first = scanned(world, said=[KEY])
    unlucky = replace(world, entries=(replace(world.entries[0]), world.entries[1]))
    later = scanned(unlucky, said=[KEY, "cat"], timers=first.timers)
    assert uids(later) == [1]
    assert [(each.entry.uid, each.why) for each in later.skipped] == [(2, "group")]


def test_a_swipe_forgets_what_the_last_message_began() -> None:
    world = book(entry(1, KEY, cooldown=5))
    first = scanned(world, said=["x", KEY])
    assert uids(scanned(world, said=["x", KEY], timers=first.timers)) == [1]
    assert uids(scanned(world, said=["x"], timers=first.timers)) == []
    assert not scanned(world, said=["x"], timers=first.timers).timers


def test_an_edit_of_the_entry_forgets_its_effects() -> None:
    world = book(entry(1, KEY, sticky=5, scan_depth=1))
    first = scanned(world, said=[KEY])
    edited = book(entry(1, KEY, content="other", sticky=5, scan_depth=1))
    assert uids(scanned(world, said=[KEY, "x"], timers=first.timers)) == [1]
    assert uids(scanned(edited, said=[KEY, "x"], timers=first.timers)) == []


def test_effects_of_another_characters_book_are_kept_until_they_are_over() -> None:
    world, other = book(entry(1, KEY, sticky=2)), book(entry(9, "cat"))
    first = scanned(world, said=[KEY])
    meanwhile = scanned(other, said=[KEY, "x"], timers=first.timers)
    assert meanwhile.timers == first.timers
    assert not scanned(other, said=[KEY, *"xxxx"], timers=first.timers).timers


def test_v3s_entries_that_stay_for_good_or_never_come_again() -> None:
    stays = entry(1, KEY, content="@@keep_activate_after_match\nx", scan_depth=1)
    assert states(stays, [KEY, "x", "x"]) == ["key", "decorator", "decorator"]
    once = entry(1, KEY, content="@@dont_activate_after_match\nx")
    assert states(once, [KEY, KEY, KEY]) == ["key", "decorator", "decorator"]
