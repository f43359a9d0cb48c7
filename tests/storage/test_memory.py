from pathlib import Path

from fakes.sqlite import names_in

from roleplay.chat import ChatReply, Usage
from roleplay.memory.recall import ranked
from roleplay.memory.store import MemoryChoice, Point, Summary
from roleplay.transcript import IncomingMessage
from storage.open import Stores, open_stores

CHANNEL, GUILD = 2, 3
CANARY = "xyzzyqolm"  # the stemmer leaves it as it is

BEYOND = 2**32 - 1

WRITTEN = ChatReply("They met.", "stop", "main", usage=Usage(100, 20))


async def say(stores: Stores, number: int, text: str, channel: int = CHANNEL) -> int:
    """The message's own id; its Discord id is `number`."""
    message = IncomingMessage(number, channel, GUILD, 4, "Ann", text, float(number))
    await stores.transcript.accept(message, wants_reply=False)
    return (await stores.transcript.recent(channel, 1))[-1].id


async def summed_up(stores: Stores, message_id: int, text: str) -> bool:
    summary = Summary(text, Point(0, message_id), 1.0, "main")
    return await stores.memory.add(CHANNEL, summary, WRITTEN)


async def text_of(stores: Stores) -> str | None:
    known = await stores.memory.of(CHANNEL)
    return known.summary.text if known.summary else None


async def found(stores: Stores, *terms: str, before: int = BEYOND) -> list[str]:
    ids = ranked(await stores.moments.hits(CHANNEL, terms, before))
    return [one.text for one in await stores.moments.read(CHANNEL, ids)]


async def test_what_comes_after_a_summary_waits(stores: Stores) -> None:
    first, second = await say(stores, 101, "One."), await say(stores, 102, "Two.")
    await say(stores, 103, "Three.")
    assert (await stores.memory.of(CHANNEL, 50)).waiting == 3
    assert await summed_up(stores, second, "They met.")
    known = await stores.memory.of(CHANNEL, 50)
    assert known.waiting == 1
    assert known.summary
    assert known.covers == Point(102, second)
    after = await stores.memory.after(CHANNEL, Point(101, first), 50)
    assert [one.text for one in after] == ["Two.", "Three."]
    [spent] = await stores.usage.spent("kind", 0)
    assert (spent.key, spent.prompt_tokens) == ("summary", 100)


async def test_an_edit_makes_a_summary_stale_and_what_a_model_wrote_is_dropped(
    stores: Stores,
) -> None:
    first = await say(stores, 101, "One.")
    second = await say(stores, 102, "Two.")
    await summed_up(stores, first, "First.")
    await summed_up(stores, second, "Second.")
    await stores.transcript.edit(102, "Other.")
    known = await stores.memory.of(CHANNEL)
    assert known.summary
    assert known.summary.stale
    await stores.memory.drop_stale(CHANNEL)
    assert await text_of(stores) == "First."


async def test_a_summary_goes_with_a_message_that_it_covers(stores: Stores) -> None:
    first = await say(stores, 101, "One.")
    second = await say(stores, 102, "Two.")
    await say(stores, 103, "Three.")
    await summed_up(stores, first, "First.")
    await summed_up(stores, second, "Second.")
    await stores.transcript.delete([103])
    assert await text_of(stores) == "Second."
    await stores.transcript.delete([102])
    assert await text_of(stores) == "First."
    await stores.transcript.reset(CHANNEL, 5.0)
    assert await text_of(stores) is None
    assert not await summed_up(stores, first, "Late.")
    assert await text_of(stores) is None


async def test_people_write_and_clear_summaries(stores: Stores) -> None:
    assert not await stores.memory.edit(CHANNEL, "Mine.", 4, 2.0)
    await say(stores, 101, "One.")
    assert await stores.memory.edit(CHANNEL, "Mine.", 4, 2.0)
    assert await stores.memory.edit(CHANNEL, "Mine, too.", 4, 2.0)
    assert await text_of(stores) == "Mine, too."
    await stores.transcript.edit(101, "Other.")
    await stores.memory.drop_stale(CHANNEL)
    assert await text_of(stores) == "Mine, too."
    assert await stores.memory.clear(CHANNEL)
    known = await stores.memory.of(CHANNEL, 50)
    assert known.summary
    assert (known.summary.text, known.waiting) == ("", 0)


async def test_a_channel_chooses(stores: Stores) -> None:
    assert (await stores.memory.of(CHANNEL)).choice == MemoryChoice(CHANNEL, None)
    choice = MemoryChoice(CHANNEL, GUILD, enabled=False, profile="small")
    await stores.memory.choose(choice)
    assert (await stores.memory.of(CHANNEL)).choice == choice


async def test_earlier_messages_are_found_by_their_words(stores: Stores) -> None:
    await say(stores, 101, "The Lighthouses of Ödland are dark.")
    await say(stores, 102, "Nobody knows.")
    late = await say(stores, 103, "A lighthouse!")
    await say(stores, 104, "A lighthouse elsewhere.", channel=9)
    assert await found(stores, "lighthouse", "odland", before=late) == [
        "The Lighthouses of Ödland are dark."
    ]
    await stores.transcript.hide(101, hidden=True)
    assert await found(stores, "lighthouse") == ["A lighthouse!"]
    await stores.transcript.edit(103, "A tower!")
    assert await found(stores, "lighthouse") == []
    assert await found(stores, "tower") == ["A tower!"]
    await stores.transcript.reset(CHANNEL, 5.0)
    assert await found(stores, "tower") == []


async def test_what_people_write_is_never_read_as_a_query(stores: Stores) -> None:
    await say(stores, 101, 'He said "AND" OR NEAR(x) text:y* ^z -a {b}')
    for term in (
        '"',
        'x" OR "a',
        "AND",
        "a AND",
        "text:y",
        "*",
        "NEAR(",
        "\0",
        "",
        "^",
        "{b}",
        "-",
    ):
        await stores.moments.hits(CHANNEL, [term], BEYOND)
    assert await found(stores, "near") != []


async def test_no_trace_of_what_was_deleted_stays_in_the_files(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        for number in range(100, 140):
            await say(stores, number, f"Something {number}")
        covered = await say(stores, 150, f"The {CANARY} sings.")
        await summed_up(stores, covered, f"The {CANARY} sang.")
        await say(stores, 151, "Goodbye.")
        assert await found(stores, CANARY) == [f"The {CANARY} sings."]
        await stores.transcript.delete([150])
        assert await stores.moments.tidy()
        assert not await stores.moments.tidy()
        assert await found(stores, "139") == ["Something 139"]
    left = [
        name for name in names_in(tmp_path) if CANARY.encode() in (tmp_path / name).read_bytes()
    ]
    assert left == []
