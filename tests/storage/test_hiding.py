"""What the model does not see, and stories that go on in two channels."""

import pytest
from fakes.chronicle import CHANNEL, answered, asked, message, reply, texts

from roleplay.transcript import Part, Transcript
from storage.open import Stores

BRANCH = 70


@pytest.fixture
def transcript(stores: Stores) -> Transcript:
    return stores.transcript


async def texts_in(transcript: Transcript, channel: int) -> list[str]:
    return [each.text for each in await transcript.recent(channel, 100)]


async def test_a_hidden_message_and_a_hidden_reply_come_back(transcript: Transcript) -> None:
    await answered(transcript, 1, "one", "two")
    assert await transcript.is_hidden(3) is False
    assert await transcript.hide(3, hidden=True)
    assert await texts(transcript) == ["hello"]
    assert await transcript.is_hidden(2) is True
    assert await transcript.hide(1, hidden=True)
    assert await texts(transcript) == []
    assert await transcript.hide(1, hidden=False)
    assert await transcript.hide(2, hidden=False)
    assert await texts(transcript) == ["hello", "one\ntwo"]


async def test_what_is_not_known_cannot_be_hidden(transcript: Transcript) -> None:
    assert not await transcript.hide(99, hidden=True)
    assert await transcript.is_hidden(99) is None


async def test_hidden_messages_take_no_room(transcript: Transcript) -> None:
    for discord_id in range(1, 6):
        await transcript.accept(message(discord_id, str(discord_id)), wants_reply=False)
    await transcript.hide(4, hidden=True)
    assert [each.text for each in await transcript.recent(CHANNEL, 3)] == ["2", "3", "5"]


async def test_an_edit_makes_it_speech_or_an_aside(transcript: Transcript) -> None:
    await transcript.accept(message(1, "// brb"), wants_reply=False, out_of_character=True)
    assert await texts(transcript) == []
    await transcript.edit(1, "Back!")
    assert await texts(transcript) == ["Back!"]
    await transcript.edit(1, "// oops", out_of_character=True)
    assert await texts(transcript) == []


async def test_an_edit_does_not_show_what_was_hidden(transcript: Transcript) -> None:
    await transcript.accept(message(1), wants_reply=False)
    await transcript.hide(1, hidden=True)
    await transcript.edit(1, "other")
    assert await texts(transcript) == []


async def test_a_branch_holds_the_story_up_to_a_message(transcript: Transcript) -> None:
    await answered(transcript, 1, "one")
    await answered(transcript, 10, "two")
    assert await transcript.branch(10, BRANCH, 400) == 3
    assert await texts_in(transcript, BRANCH) == ["hello", "one", "hello"]
    assert await texts(transcript) == ["hello", "one", "hello", "two"]
    turn = await transcript.accept(message(80, "else", channel_id=BRANCH), wants_reply=True)
    assert turn
    await transcript.start(turn.id)
    await transcript.finish(turn.id, reply("three"), [Part(81, "three")], by="Nova")
    assert (await texts_in(transcript, BRANCH))[-2:] == ["else", "three"]
    assert "three" not in await texts(transcript)


async def test_a_branch_from_a_reply_holds_the_reply(transcript: Transcript) -> None:
    await answered(transcript, 1, "one", "more")
    assert await transcript.branch(3, BRANCH, 1) == 1
    assert await texts_in(transcript, BRANCH) == ["one\nmore"]
    assert await transcript.branch(99, BRANCH, 400) == 0


async def test_a_branch_leaves_out_what_a_reset_did(transcript: Transcript) -> None:
    await asked(transcript, 1)
    await transcript.reset(CHANNEL, 2.0)
    await asked(transcript, 5, "new")
    assert await transcript.branch(5, BRANCH, 400) == 1


async def test_words_that_are_taken_back_go_from_every_branch(transcript: Transcript) -> None:
    await answered(transcript, 1, "one")
    await transcript.branch(2, BRANCH, 400)
    await transcript.delete([1, 2])
    assert await texts_in(transcript, BRANCH) == ["one"]
    assert await texts(transcript) == []


async def test_a_branch_keeps_tokens_that_were_counted(transcript: Transcript) -> None:
    await transcript.accept(message(1), wants_reply=False)
    [said] = await transcript.recent(CHANNEL, 1)
    await transcript.save_counts("llama", {said.id: 3})
    await transcript.branch(1, BRANCH, 400)
    [copy] = await transcript.recent(BRANCH, 1)
    assert copy.counts == {"llama": 3}
