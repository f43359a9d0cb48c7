"""The turns that answer one message, as they are kept."""

from dataclasses import replace

import pytest
from fakes.chronicle import CHANNEL, asked, message, reply

from roleplay.rounds import CUT_OFF, HELD_UP, Asked
from roleplay.transcript import Part, Turn
from storage.open import Stores

MIRA, NOVA, REX = 11, 12, 13


async def shared(stores: Stores, *speakers: int, trigger: int = 1, auto_turns: int = 0) -> Turn:
    turn = await asked(stores.transcript, trigger)
    await stores.transcript.start(turn.id)
    await stores.rounds.share(turn.id, speakers, auto_turns)
    return turn


async def speak(stores: Stores, turn: Turn, part: int) -> None:
    await stores.transcript.start(turn.id)
    said = [Part(part, "Hm.")]
    await stores.transcript.finish(turn.id, reply("Hm."), said, "Somebody")


async def states(stores: Stores, *turns: Turn) -> list[tuple[str, str]]:
    found = [await stores.transcript.turn(turn.id) for turn in turns]
    return [(each.state, each.error_code) for each in found if each]


async def test_what_was_asked_is_all_that_waits_in_the_turn(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1, "Hello Mira")
    aside = replace(message(2, "Nova?"), addressed_character_id=NOVA)
    await stores.transcript.accept(aside, wants_reply=True)
    await stores.transcript.accept(message(3, "((brb))"), wants_reply=True, out_of_character=True)
    assert await stores.rounds.asked(turn.id) == Asked("Hello Mira\nNova?", NOVA)
    assert await stores.rounds.asked(99) == Asked("")


async def test_every_speaker_has_a_turn_of_its_own(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1)
    await stores.transcript.start(turn.id)
    rest = await stores.rounds.share(turn.id, [MIRA, NOVA, REX], 0)
    assert [(each.character_id, each.place, each.state) for each in rest] == [
        (NOVA, 1, "accepted"),
        (REX, 2, "accepted"),
    ]
    assert {each.trigger_discord_id for each in rest} == {1}
    first = await stores.transcript.turn(turn.id)
    assert first
    assert (first.character_id, first.place) == (MIRA, 0)
    assert [each.id for each in await stores.transcript.unfinished()] == [
        turn.id,
        *(each.id for each in rest),
    ]


async def test_characters_go_on_as_often_as_they_may_and_never_more(stores: Stores) -> None:
    turn = await shared(stores, MIRA, auto_turns=2)
    for place in (1, 2):
        await speak(stores, turn, 100 + place)
        following = await stores.rounds.follow(turn.id, NOVA)
        assert following
        assert following.place == place
        assert await stores.rounds.follow(turn.id, NOVA) is None
        turn = following
    assert await stores.rounds.follow(turn.id, MIRA) is None


async def test_only_the_last_of_a_round_may_be_followed(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1)
    await stores.transcript.start(turn.id)
    [last] = await stores.rounds.share(turn.id, [MIRA, NOVA], 1)
    assert await stores.rounds.follow(turn.id, REX) is None
    assert await stores.rounds.follow(last.id, REX)


async def test_a_person_who_waits_ends_the_talk(stores: Stores) -> None:
    turn = await shared(stores, MIRA, auto_turns=5)
    assert not await stores.rounds.is_superseded(turn.id)
    await stores.transcript.accept(message(5), wants_reply=False)
    assert not await stores.rounds.is_superseded(turn.id)
    await asked(stores.transcript, 6)
    assert await stores.rounds.is_superseded(turn.id)
    assert await stores.rounds.follow(turn.id, NOVA) is None


async def test_a_reset_ends_the_talk(stores: Stores) -> None:
    turn = await shared(stores, MIRA, auto_turns=5)
    await stores.transcript.reset(CHANNEL, 9.0)
    assert await stores.rounds.follow(turn.id, NOVA) is None


async def test_the_rest_waits_for_the_one_that_failed(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1)
    await stores.transcript.start(turn.id)
    rest = await stores.rounds.share(turn.id, [MIRA, NOVA, REX], 0)
    await stores.transcript.fail(turn.id, "failed", "timed_out", "")
    assert await stores.rounds.end_rest(turn.id, HELD_UP) == 2
    assert await states(stores, *rest) == [("interrupted", HELD_UP)] * 2
    newest = await stores.transcript.last_turn(CHANNEL)
    assert newest
    assert newest.id == turn.id
    again = await stores.rounds.reopen_rest(turn.id, (CUT_OFF, HELD_UP))
    assert [each.id for each in again] == [each.id for each in rest]
    assert await states(stores, *rest) == [("accepted", "")] * 2


async def test_what_was_stopped_stays_stopped(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1)
    await stores.transcript.start(turn.id)
    [rest] = await stores.rounds.share(turn.id, [MIRA, NOVA], 0)
    other = await asked(stores.transcript, 5)
    assert await stores.rounds.end_rest(turn.id, "stopped") == 1
    assert await stores.rounds.reopen_rest(turn.id, (CUT_OFF, HELD_UP)) == []
    assert await states(stores, rest, other) == [("interrupted", "stopped"), ("accepted", "")]


async def test_a_whole_round_is_told_again(stores: Stores) -> None:
    turn = await asked(stores.transcript, 1)
    await stores.transcript.start(turn.id)
    [second] = await stores.rounds.share(turn.id, [MIRA, NOVA], 0)
    await speak(stores, turn, 101)
    assert await stores.rounds.reopen_all(turn.id) == []
    await speak(stores, second, 102)
    assert await stores.rounds.spoken(turn.id) == [MIRA, NOVA]
    again = await stores.rounds.reopen_all(second.id)
    assert [(each.character_id, each.posted) for each in again] == [(MIRA, (101,)), (NOVA, (102,))]
    await stores.transcript.reset(CHANNEL, 9.0)
    assert await stores.rounds.reopen_all(second.id) == []


@pytest.mark.parametrize("speakers", [(MIRA,), (MIRA, NOVA)])
async def test_another_channels_turns_are_no_part_of_a_round(
    stores: Stores, speakers: tuple[int, ...]
) -> None:
    turn = await shared(stores, *speakers)
    elsewhere = await stores.transcript.accept(message(2, channel_id=99), wants_reply=True)
    assert elsewhere
    await stores.rounds.end_rest(turn.id, "stopped")
    assert await states(stores, elsewhere) == [("accepted", "")]
