"""Swipes: the variants of a reply, which one stands, and what becomes of them."""

from dataclasses import replace

import pytest
from fakes.chronicle import CHANNEL, answered, asked, message, reply, texts

from roleplay.chat import Usage
from roleplay.transcript import Part, StoredReply, Transcript, Turn, TurnRequest
from storage.open import Stores


@pytest.fixture
def transcript(stores: Stores) -> Transcript:
    return stores.transcript


async def with_swipes(transcript: Transcript, *swipes: str) -> Turn:
    """A turn whose reply has these variants; the last one stands."""
    turn = await answered(transcript, 1, swipes[0])
    for text in swipes[1:]:
        await transcript.reopen(turn.id)
        await transcript.start(turn.id)
        await transcript.finish(turn.id, reply(text), [Part(2, text)], by="Nova")
    return turn


async def stored(transcript: Transcript, turn: Turn) -> StoredReply:
    found = await transcript.reply(turn.id)
    assert found
    return found


async def all_variants(transcript: Transcript, turn: Turn) -> list[str | None]:
    count = (await stored(transcript, turn)).count
    return [await transcript.variant(turn.id, number) for number in range(count)]


async def test_another_variant_is_chosen(transcript: Transcript) -> None:
    turn = await with_swipes(transcript, "one", "two", "three")
    assert await transcript.choose(turn.id, 0, [Part(2, "o"), Part(3, "ne")])
    found = await stored(transcript, turn)
    assert (found.text, found.number, found.count) == ("one", 0, 3)
    assert await texts(transcript) == ["hello", "one"]
    chosen = await transcript.turn(turn.id)
    assert chosen
    assert chosen.posted == (2, 3)
    assert not await transcript.choose(turn.id, 3, [])
    assert not await transcript.choose(99, 0, [])


async def test_an_edit_stays_with_its_variant(transcript: Transcript) -> None:
    turn = await with_swipes(transcript, "one", "two")
    await transcript.edit(2, "TWO")
    await transcript.choose(turn.id, 0, [Part(2, "one")])
    assert await texts(transcript) == ["hello", "one"]
    await transcript.choose(turn.id, 1, [Part(2, "TWO")])
    assert await texts(transcript) == ["hello", "TWO"]


@pytest.mark.parametrize(
    ("shown", "left", "text"),
    [(0, ["b", "c"], "b"), (1, ["a", "c"], "a"), (2, ["a", "b"], "b")],
)
async def test_deleting_a_variant_shows_the_one_before(
    transcript: Transcript, shown: int, left: list[str], text: str
) -> None:
    turn = await with_swipes(transcript, "a", "b", "c")
    await transcript.choose(turn.id, shown, [Part(2, "abc"[shown])])
    assert await transcript.drop_variant(turn.id, [Part(2, text)])
    assert await all_variants(transcript, turn) == left
    assert await texts(transcript) == ["hello", text]
    assert (await stored(transcript, turn)).number == max(0, shown - 1)


async def test_the_only_variant_is_not_deleted(transcript: Transcript) -> None:
    turn = await with_swipes(transcript, "one")
    assert not await transcript.drop_variant(turn.id, [])
    assert await texts(transcript) == ["hello", "one"]


async def test_a_new_variant_after_a_deletion_has_the_next_number(transcript: Transcript) -> None:
    turn = await with_swipes(transcript, "a", "b", "c")
    await transcript.choose(turn.id, 0, [Part(2, "a")])
    await transcript.drop_variant(turn.id, [Part(2, "b")])
    await transcript.reopen(turn.id)
    await transcript.start(turn.id)
    await transcript.finish(turn.id, reply("d"), [Part(2, "d")], by="Nova")
    assert await all_variants(transcript, turn) == ["b", "c", "d"]


async def test_reasoning_is_that_of_the_variant_that_stands(transcript: Transcript) -> None:
    turn = await with_swipes(transcript, "one")
    await transcript.reopen(turn.id)
    await transcript.start(turn.id)
    thought = replace(reply("two"), reasoning="hm")
    await transcript.finish(turn.id, thought, [Part(2, "two")], by="Nova")
    assert await transcript.last_reasoning(CHANNEL) == "hm"
    await transcript.drop_variant(turn.id, [Part(2, "one")])
    assert await transcript.last_reasoning(CHANNEL) == ""


async def test_a_reply_that_continues_grows_in_its_variant(
    transcript: Transcript, stores: Stores
) -> None:
    turn = await with_swipes(transcript, "zero", "one")
    await transcript.reopen(turn.id, continues=True)
    started = await transcript.start(turn.id)
    assert started
    assert started.continues
    longer = replace(reply("one two"), reasoning="more", usage=Usage(3, 4))
    await transcript.finish(turn.id, longer, [Part(2, "one"), Part(9, "two")], by="Nova")
    assert await all_variants(transcript, turn) == ["zero", "one two"]
    assert await texts(transcript) == ["hello", "one two"]
    assert await transcript.last_reasoning(CHANNEL) == "more"
    [total] = await stores.usage.spent("total", 0.0)
    assert (total.prompt_tokens, total.completion_tokens) == (23, 14)
    await transcript.reopen(turn.id)
    again = await transcript.start(turn.id)
    assert again
    assert not again.continues


async def test_the_last_reply_tells_whether_something_was_said_since(
    transcript: Transcript,
) -> None:
    assert await transcript.last_reply(CHANNEL) is None
    turn = await with_swipes(transcript, "one")
    last = await transcript.last_reply(CHANNEL)
    assert last
    assert (last.turn_id, last.is_last) == (turn.id, True)
    aside = message(5, "((brb))")
    await transcript.accept(aside, wants_reply=False, out_of_character=True)
    assert (await stored(transcript, turn)).is_last
    await transcript.accept(message(6), wants_reply=False)
    assert not (await stored(transcript, turn)).is_last
    await transcript.reset(CHANNEL, 9.0)
    assert await transcript.last_reply(CHANNEL) is None
    assert await transcript.reply(turn.id) is None


def greeting(choice: int) -> TurnRequest:
    return TurnRequest(CHANNEL, 5, 1, 1.0, "greeting", 8, requested_by=3, choice=choice)


async def test_the_alternates_of_a_greeting_are_its_variants(transcript: Transcript) -> None:
    turn = await transcript.queue(greeting(1))
    assert (turn.kind, turn.character_id, turn.requested_by) == ("greeting", 8, 3)
    await transcript.start(turn.id)
    said = ("Hi.", "Ho.", "Hey.")
    await transcript.greet(turn.id, said, [Part(2, "Ho.")], by="Nova", character_id=8)
    found = await stored(transcript, turn)
    assert (found.kind, found.text, found.number, found.count) == ("greeting", "Ho.", 1, 3)
    assert found.character_id == 8
    assert await texts(transcript) == ["Ho."]
    assert await transcript.last_reasoning(CHANNEL) == ""


async def test_a_greeting_that_is_not_there_is_the_last_one(transcript: Transcript) -> None:
    turn = await transcript.queue(greeting(7))
    await transcript.greet(turn.id, ("Hi.", "Ho."), [Part(2, "Ho.")], by="Nova")
    assert (await stored(transcript, turn)).text == "Ho."


async def test_the_message_that_was_asked_for(transcript: Transcript) -> None:
    turn = await asked(transcript, 1)
    await asked(transcript, 2)
    await transcript.start(turn.id)
    await transcript.finish(turn.id, reply("one"), [Part(3, "one")], by="Nova")
    assert await transcript.asked_by(turn.id) == [1, 2]
    for discord_id in (1, 2, 3):
        found = await transcript.turn_of(discord_id)
        assert found
        assert found.id == turn.id
    assert await transcript.turn_of(99) is None
