"""Turns that are no plain answers: greetings, and replies that are gone on with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.room import CHANNEL, GUILD, HELLO, Room

from roleplay.bindings import ChannelBinding
from roleplay.characters.card import Card
from roleplay.errors import Unreachable
from roleplay.retelling import Retelling
from roleplay.stopping import StopSignal
from roleplay.transcript import StoredReply, TurnRequest
from roleplay.voices import OwnVoice
from storage.open import Stores, open_stores

WELCOMING = Card(
    "Mira",
    first_mes="I am {{char}}. ",
    alternate_greetings=("Who is {{user}}?", " ", "Come in."),
)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with open_stores(tmp_path) as opened:
        await opened.bindings.bind(ChannelBinding(CHANNEL, GUILD, 4, 0.0))
        yield opened


async def greet(room: Room, choice: int = 0) -> int:
    request = TurnRequest(CHANNEL, GUILD, 50, 1.0, "greeting", requested_by=4, choice=choice)
    turn = await room.stores.transcript.queue(request)
    await room.conversation.take(turn.id, None, StopSignal())
    return turn.id


async def go_on(room: Room, turn_id: int) -> None:
    assert await room.stores.transcript.reopen(turn_id, continues=True)
    await room.conversation.take(turn_id, None, StopSignal())


async def stored(room: Room, turn_id: int) -> StoredReply:
    reply = await room.stores.transcript.reply(turn_id)
    assert reply
    return reply


def retelling(room: Room) -> Retelling:
    return Retelling(room.stores.transcript, room.scenes, room.speaker, OwnVoice())


async def test_a_greeting_is_said_without_asking_a_model(stores: Stores) -> None:
    room = Room(stores, card=WELCOMING)
    turn_id = await greet(room, 1)
    assert room.speaker.said == ["Who is everyone?"]
    assert room.backend.prompts == []
    reply = await stored(room, turn_id)
    assert (reply.kind, reply.number, reply.count) == ("greeting", 1, 3)
    assert await room.history() == [("Mira", "Who is everyone?")]


async def test_a_card_without_a_greeting_says_nothing(stores: Stores) -> None:
    room = Room(stores, card=Card("Mira"))
    turn = await stores.transcript.turn(await greet(room))
    assert turn
    assert (turn.state, turn.error_code) == ("interrupted", "no_greeting")
    assert room.speaker.said == []


async def test_the_model_sees_the_greeting_that_stands(stores: Stores) -> None:
    room = Room(stores, "Hello, Ann.", card=WELCOMING)
    turn_id = await greet(room)
    await retelling(room).show(await stored(room, turn_id), 2, None)
    await room.says(HELLO)
    assert [block.text for block in room.backend.prompts[0].blocks[-2:]] == [
        "Come in.",
        "Ann: Hello?",
    ]


async def test_a_reply_is_gone_on_with_in_its_place(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", "there is a ship.")
    turn_id = await room.says(HELLO)
    room.speaker.said.clear()
    await go_on(room, turn_id)
    prompt = room.backend.prompts[1]
    assert prompt.continues
    assert [block.text for block in prompt.blocks[-2:]] == ["Ann: Hello?", "Near Titan."]
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "Near Titan.there is a ship.")]
    assert (await stored(room, turn_id)).count == 1


async def test_a_continuation_that_fails_leaves_the_reply(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", Unreachable("Connection refused."))
    turn_id = await room.says(HELLO)
    await go_on(room, turn_id)
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "Near Titan.")]
    turn = await stores.transcript.turn(turn_id)
    assert turn
    assert (turn.state, turn.continues) == ("failed", True)


async def test_a_greeting_can_be_gone_on_with(stores: Stores) -> None:
    room = Room(stores, " Sit down.", card=WELCOMING)
    turn_id = await greet(room, 2)
    await go_on(room, turn_id)
    assert await room.history() == [("Mira", "Come in. Sit down.")]
    assert (await stored(room, turn_id)).count == 3


async def test_dropping_a_variant_shows_its_neighbour(stores: Stores) -> None:
    room = Room(stores, "One.", "Two.")
    turn_id = await room.says(HELLO)
    await stores.transcript.reopen(turn_id)
    await room.conversation.take(turn_id, None, StopSignal())
    assert await retelling(room).drop(await stored(room, turn_id), None)
    assert room.speaker.said[-1] == "One."
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "One.")]
    assert not await retelling(room).drop(await stored(room, turn_id), None)
