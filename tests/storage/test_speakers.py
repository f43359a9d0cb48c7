"""Several turns that answer the same message, one after the other."""

import pytest
from fakes.chronicle import CHANNEL, asked, message, reply, texts

from roleplay.transcript import Part, Transcript, Turn, TurnRequest
from storage.open import Stores


@pytest.fixture
def transcript(stores: Stores) -> Transcript:
    return stores.transcript


async def queued(transcript: Transcript, trigger: int, character_id: int) -> Turn:
    request = TurnRequest(CHANNEL, 5, trigger, float(trigger), character_id=character_id)
    return await transcript.queue(request)


async def speak(transcript: Transcript, turn: Turn, text: str, part: int) -> None:
    await transcript.start(turn.id)
    character = turn.character_id or 0
    said = [Part(part, text)]
    await transcript.finish(turn.id, reply(text), said, by=text, character_id=character)


async def duet(transcript: Transcript) -> tuple[Turn, Turn]:
    """Ann and Bob answer the same message; then somebody speaks again."""
    ann = await asked(transcript, 1)
    await transcript.assign(ann.id, 11)
    await transcript.start(ann.id)
    bob = await queued(transcript, 1, 12)
    await speak(transcript, ann, "Ann", 2)
    await speak(transcript, bob, "Bob", 3)
    await transcript.accept(message(9, "later"), wants_reply=False)
    return ann, bob


async def test_each_speaker_sees_those_before(transcript: Transcript) -> None:
    ann, bob = await duet(transcript)
    assert await texts(transcript) == ["hello", "Ann", "Bob", "later"]
    assert await texts(transcript, before_turn=ann.id) == ["hello"]
    assert await texts(transcript, before_turn=bob.id) == ["hello", "Ann"]
    found = await transcript.recent(CHANNEL, 9)
    assert [each.character_id for each in found] == [0, 0, 12, 0]


async def test_who_is_decided_late_is_kept(transcript: Transcript) -> None:
    turn = await asked(transcript, 1)
    assert turn.character_id is None
    await transcript.assign(turn.id, 11)
    found = await transcript.turn(turn.id)
    assert found
    assert found.character_id == 11


async def test_a_speaker_that_failed_answers_last(transcript: Transcript) -> None:
    ann = await asked(transcript, 1)
    await transcript.start(ann.id)
    bob = await queued(transcript, 1, 12)
    await transcript.fail(ann.id, "failed", "tls", "")
    await speak(transcript, bob, "Bob", 3)
    assert await texts(transcript, before_turn=ann.id) == ["hello", "Bob"]
    await transcript.reopen(ann.id)
    await speak(transcript, ann, "Ann", 4)
    assert await texts(transcript) == ["hello", "Bob", "Ann"]


async def test_a_queued_turn_takes_no_messages(transcript: Transcript) -> None:
    first = await queued(transcript, 1, 11)
    assert (await asked(transcript, 2)).id != first.id
    assert [each.state for each in await transcript.unfinished()] == ["accepted", "accepted"]


async def test_all_that_wait_for_a_deleted_message_end(transcript: Transcript) -> None:
    ann = await asked(transcript, 1)
    bob = await queued(transcript, 1, 12)
    await transcript.delete([1])
    for turn in (ann, bob):
        found = await transcript.turn(turn.id)
        assert found
        assert (found.state, found.error_code) == ("interrupted", "deleted")


async def test_who_asked_is_the_newest_writer(transcript: Transcript) -> None:
    turn = await asked(transcript, 1)
    assert turn.requested_by == 3
    other = await transcript.accept(message(2, author_id=4), wants_reply=True)
    assert other
    assert (other.id, other.requested_by) == (turn.id, 4)
    await transcript.delete([2])
    left = await transcript.turn(turn.id)
    assert left
    assert left.requested_by == 3
