import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.chronicle import CHANNEL, answered, asked, message, reply, texts

from roleplay.errors import StorageError
from roleplay.transcript import Part
from storage.open import FILE_NAME, Stores
from storage.transcript import SqlTranscript


@pytest.fixture
def transcript(stores: Stores) -> SqlTranscript:
    return stores.transcript


async def test_a_message_is_stored_once(transcript: SqlTranscript) -> None:
    assert await transcript.accept(message(1), wants_reply=True)
    assert await transcript.accept(message(1), wants_reply=True) is None
    assert await transcript.accept(message(1), wants_reply=False) is None
    assert await texts(transcript) == ["hello"]


async def test_a_message_without_a_reply_is_remembered(transcript: SqlTranscript) -> None:
    assert await transcript.accept(message(1), wants_reply=False) is None
    (stored,) = await transcript.recent(CHANNEL, 10)
    assert (stored.role, stored.author_id, stored.author_name) == ("user", 3, "Ada")
    assert await transcript.last_turn(CHANNEL) is None


async def test_messages_that_wait_share_one_turn(transcript: SqlTranscript) -> None:
    first = await asked(transcript, 1)
    second = await asked(transcript, 2)
    assert second.id == first.id
    assert second.trigger_discord_id == 2
    assert await transcript.unfinished() == [second]


async def test_a_late_older_message_does_not_become_the_trigger(transcript: SqlTranscript) -> None:
    await asked(transcript, 5)
    assert (await asked(transcript, 4)).trigger_discord_id == 5
    assert [each.created_at for each in await transcript.recent(CHANNEL, 9)] == [4, 5]


async def test_a_message_during_a_reply_waits_for_the_next_turn(transcript: SqlTranscript) -> None:
    first = await asked(transcript, 1, "one")
    await transcript.start(first.id)
    second = await asked(transcript, 2, "two")
    assert second.id != first.id
    await transcript.finish(first.id, reply("answer"), [Part(9, "answer")], by="Nova")
    assert await texts(transcript) == ["one", "answer", "two"]
    assert await texts(transcript, before_turn=second.id) == ["one", "answer", "two"]


async def test_channels_do_not_share_turns(transcript: SqlTranscript) -> None:
    first = await asked(transcript, 1)
    second = await transcript.accept(message(2, channel_id=8), wants_reply=True)
    assert second
    assert second.id != first.id


async def test_a_turn_starts_once(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    started = await transcript.start(turn.id)
    assert started
    assert started.state == "running"
    assert await transcript.start(turn.id) is None
    assert await transcript.start(999) is None


async def test_posted_messages_are_remembered_in_order(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    for discord_id in (30, 20, 30):
        await transcript.posted(turn.id, discord_id)
    found = await transcript.turn(turn.id)
    assert found
    assert found.posted == (30, 20)


async def test_a_finished_reply_is_part_of_the_history(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "one", "two")
    assert (turn.state, turn.posted) == ("done", (2, 3))
    said = (await transcript.recent(CHANNEL, 1))[0]
    assert (said.role, said.author_name, said.text) == ("assistant", "Nova", "one\ntwo")
    assert said.created_at == 1000.0
    assert await transcript.unfinished() == []


async def test_a_second_reply_replaces_the_first_in_place(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "first")
    (kept,) = (await transcript.recent(CHANNEL, 1))[:1]
    await transcript.accept(message(10, "later"), wants_reply=False)
    assert await transcript.reopen(turn.id)
    assert await texts(transcript, before_turn=turn.id) == ["hello"]
    await transcript.start(turn.id)
    again = await transcript.finish(turn.id, reply("second"), [Part(2, "second")], by="Nova")
    assert again == kept.id
    assert await texts(transcript) == ["hello", "second", "later"]


async def test_a_finish_that_fails_changes_nothing(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    running = await transcript.start(turn.id)
    twice = [Part(2, "a"), Part(2, "b")]
    with pytest.raises(StorageError):
        await transcript.finish(turn.id, reply("a"), twice, by="Nova")
    assert await transcript.turn(turn.id) == running
    assert await texts(transcript) == ["hello"]


async def test_a_reply_to_a_turn_that_is_gone_is_refused(transcript: SqlTranscript) -> None:
    with pytest.raises(StorageError, match="not stored any more"):
        await transcript.finish(99, reply("a"), [], by="Nova")


async def test_a_failed_turn_says_why(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    await transcript.start(turn.id)
    await transcript.fail(turn.id, "failed", "all_failed", "main: refused")
    failed = await transcript.last_turn(CHANNEL)
    assert failed
    assert (failed.state, failed.error_code, failed.error_detail) == (
        "failed",
        "all_failed",
        "main: refused",
    )


async def test_an_ended_turn_cannot_fail(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "one")
    await transcript.fail(turn.id, "interrupted", "stopped", "")
    assert await transcript.turn(turn.id) == turn


async def test_a_reopened_turn_keeps_its_messages_and_takes_no_new_ones(
    transcript: SqlTranscript,
) -> None:
    turn = await answered(transcript, 1, "one")
    reopened = await transcript.reopen(turn.id)
    assert reopened
    assert (reopened.state, reopened.posted) == ("accepted", (2,))
    assert (await asked(transcript, 10)).id != turn.id
    assert [each.id for each in await transcript.unfinished()] == [turn.id, turn.id + 1]


async def test_only_an_ended_turn_is_reopened(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    assert await transcript.reopen(turn.id) is None
    await transcript.start(turn.id)
    assert await transcript.reopen(turn.id) is None
    assert await transcript.reopen(99) is None


async def test_the_newest_messages_come_oldest_first(transcript: SqlTranscript) -> None:
    for discord_id in range(1, 8):
        await transcript.accept(message(discord_id, str(discord_id)), wants_reply=False)
    assert [each.text for each in await transcript.recent(CHANNEL, 3)] == ["5", "6", "7"]
    assert await transcript.recent(CHANNEL, 0) == []
    assert await transcript.recent(CHANNEL, -1) == []


async def test_an_edit_changes_the_text_and_forgets_the_counts(transcript: SqlTranscript) -> None:
    await transcript.accept(message(1), wants_reply=False)
    (stored,) = await transcript.recent(CHANNEL, 1)
    await transcript.save_counts("llama", {stored.id: 3})
    await transcript.save_counts("gpt", {stored.id: 4, 999: 1})
    assert await transcript.edit(1, "hello")
    assert (await transcript.recent(CHANNEL, 1))[0].counts == {"llama": 3, "gpt": 4}
    assert await transcript.edit(1, "goodbye")
    (edited,) = await transcript.recent(CHANNEL, 1)
    assert (edited.text, edited.counts) == ("goodbye", {})
    assert not await transcript.edit(99, "unknown")


async def test_a_new_variant_forgets_the_counts_of_the_old(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "first")
    (said,) = await transcript.recent(CHANNEL, 1)
    await transcript.save_counts("llama", {said.id: 3})
    await transcript.save_counts("llama", {said.id: 5})
    assert (await transcript.recent(CHANNEL, 1))[0].counts == {"llama": 5}
    await transcript.finish(turn.id, reply("second"), [Part(2, "second")], by="Nova")
    assert (await transcript.recent(CHANNEL, 1))[0].counts == {}


async def test_an_edit_of_one_part_changes_the_reply(transcript: SqlTranscript) -> None:
    await answered(transcript, 1, "one", "two")
    assert await transcript.edit(3, "three")
    assert await texts(transcript) == ["hello", "one\nthree"]


async def test_an_edit_while_the_reply_is_written_is_not_ours(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    await transcript.posted(turn.id, 2)
    assert not await transcript.edit(2, "half a sen")


async def test_a_reply_goes_with_its_last_part(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "one", "two")
    assert await transcript.delete([2]) == 1
    assert await texts(transcript) == ["hello", "two"]
    assert await transcript.delete([3, 3, 77]) == 1
    assert await texts(transcript) == ["hello"]
    assert await transcript.reopen(turn.id)
    await transcript.start(turn.id)
    await transcript.finish(turn.id, reply("new"), [Part(50, "new")], by="Nova")
    assert await texts(transcript) == ["hello", "new"]


async def test_a_deleted_message_is_gone(transcript: SqlTranscript) -> None:
    await answered(transcript, 1, "one")
    assert await transcript.delete([1, 2]) == 2
    assert await transcript.delete([1, 2]) == 0
    assert await texts(transcript) == []
    assert await transcript.delete([]) == 0


async def test_a_waiting_turn_falls_back_to_the_message_it_has_left(
    transcript: SqlTranscript,
) -> None:
    turn = await asked(transcript, 1)
    await asked(transcript, 2)
    await transcript.delete([2])
    found = await transcript.turn(turn.id)
    assert found
    assert (found.state, found.trigger_discord_id) == ("accepted", 1)
    await transcript.delete([1])
    ended = await transcript.turn(turn.id)
    assert ended
    assert (ended.state, ended.error_code) == ("interrupted", "deleted")
    assert await transcript.start(turn.id) is None


async def test_a_running_turn_outlives_its_trigger(transcript: SqlTranscript) -> None:
    turn = await asked(transcript, 1)
    await transcript.start(turn.id)
    await transcript.delete([1])
    await transcript.finish(turn.id, reply("one"), [Part(2, "one")], by="Nova")
    assert await texts(transcript) == ["one"]


async def test_known_are_messages_and_parts(transcript: SqlTranscript) -> None:
    turn = await answered(transcript, 1, "one", "two")
    await transcript.reopen(turn.id)
    await transcript.posted(turn.id, 4)
    assert await transcript.knows([1, 2, 3, 4, 5, 6]) == {1, 2, 3, 4}
    assert await transcript.knows([]) == set()


async def test_a_reset_begins_anew(transcript: SqlTranscript) -> None:
    old = await answered(transcript, 1, "one")
    assert await transcript.reset(CHANNEL, 100.0) == 2
    assert await transcript.reset(CHANNEL, 101.0) == 0
    assert await texts(transcript) == []
    assert await transcript.reopen(old.id) is None
    await transcript.accept(message(10, "new"), wants_reply=False)
    assert await texts(transcript) == ["new"]
    assert await transcript.reset(CHANNEL, 102.0) == 1


async def test_a_reset_ends_what_waits_and_leaves_out_what_runs(transcript: SqlTranscript) -> None:
    running = await asked(transcript, 1)
    await transcript.start(running.id)
    waiting = await asked(transcript, 2)
    await transcript.reset(CHANNEL, 100.0)
    assert await transcript.start(waiting.id) is None
    await transcript.finish(running.id, reply("late"), [Part(3, "late")], by="Nova")
    assert await texts(transcript) == []


async def test_a_late_reply_stays_out_even_when_its_trigger_was_deleted(
    transcript: SqlTranscript,
) -> None:
    running = await asked(transcript, 1)
    await transcript.start(running.id)
    await transcript.delete([1])
    assert await transcript.reset(CHANNEL, 100.0) == 0
    await transcript.finish(running.id, reply("late"), [Part(3, "late")], by="Nova")
    assert await texts(transcript) == []


async def test_half_an_emoji_is_stored_as_a_replacement_mark(transcript: SqlTranscript) -> None:
    await transcript.accept(message(1, "a\ud83d"), wants_reply=False)
    turn = await asked(transcript, 2, "\ud83d\ude00")
    said = "b\ud83d"
    await transcript.finish(turn.id, reply(said), [Part(3, said)], by="Nova")
    assert await texts(transcript) == ["a\ufffd", "\U0001f600", "b\ufffd"]


async def test_text_is_never_read_as_sql(transcript: SqlTranscript) -> None:
    hostile = "'); DROP TABLE messages; --"
    await transcript.accept(message(1, hostile), wants_reply=False)
    assert await texts(transcript) == [hostile]


async def test_alternatives_are_kept_as_further_variants(
    transcript: SqlTranscript, tmp_path: Path
) -> None:
    turn = await asked(transcript, 1)
    await transcript.start(turn.id)
    said = replace(reply("one"), alternatives=("two", "three"))
    await transcript.finish(turn.id, said, [Part(2, "one")], by="Nova")
    assert await texts(transcript) == ["hello", "one"]
    await transcript.reopen(turn.id)
    await transcript.start(turn.id)
    await transcript.finish(turn.id, reply("four"), [Part(2, "four")], by="Nova")
    assert await texts(transcript) == ["hello", "four"]
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        rows = database.execute("SELECT number, text FROM variants ORDER BY 1").fetchall()
    assert rows == [(0, "one"), (1, "two"), (2, "three"), (3, "four")]


async def test_the_reasoning_of_the_newest_reply_is_kept(transcript: SqlTranscript) -> None:
    assert await transcript.last_reasoning(CHANNEL) == ""
    for number, thought in ((1, "hm"), (10, "x" * 30_000), (20, "")):
        turn = await asked(transcript, number)
        await transcript.start(turn.id)
        said = replace(reply("Hello"), reasoning=thought)
        await transcript.finish(turn.id, said, [Part(number + 1, "Hello")], by="Nova")
        assert await transcript.last_reasoning(CHANNEL) == thought[:20_000]
    await transcript.reset(CHANNEL, 99.0)
    assert await transcript.last_reasoning(CHANNEL) == ""
