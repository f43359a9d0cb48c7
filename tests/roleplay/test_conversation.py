from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from fakes.room import CHANNEL, GUILD, HELLO, Room

from roleplay.bindings import ChannelBinding
from roleplay.errors import AllProfilesFailed, RoleForgeError, Unreachable
from roleplay.personas import Persona, Wardrobe
from roleplay.scene import Character
from roleplay.stopping import StopSignal
from roleplay.voices import Voice
from storage.open import Stores, open_stores


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with open_stores(tmp_path) as opened:
        await opened.bindings.bind(ChannelBinding(CHANNEL, GUILD, 4, 0.0))
        yield opened


async def test_a_message_is_answered_and_both_are_remembered(stores: Stores) -> None:
    room = Room(stores, "Near Titan.")
    await room.says(HELLO)
    assert room.speaker.said == ["Near Titan."]
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "Near Titan.")]
    assert room.watcher.profiles == ["main"]


async def test_the_next_prompt_holds_what_was_said(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", "None.")
    await room.says(HELLO)
    await room.says(replace(HELLO, discord_id=102, text="Any danger?", author_name="Ben"))
    assert [block.text.strip() for block in room.backend.prompts[1].blocks] == [
        "You are Mira.",
        "Ann: Hello?",
        "Near Titan.",
        "Ben: Any danger?",
    ]


async def test_an_unbound_channel_is_neither_answered_nor_stored(stores: Stores) -> None:
    room = Room(stores)
    assert await room.conversation.accept(replace(HELLO, channel_id=77)) is None
    assert await stores.transcript.recent(77, 10) == []


async def test_a_message_that_arrives_twice_is_answered_once(stores: Stores) -> None:
    room = Room(stores, "Once.")
    await room.says(HELLO)
    assert await room.conversation.accept(HELLO) is None


async def test_messages_that_arrive_meanwhile_share_one_answer(stores: Stores) -> None:
    room = Room(stores, "To you both.")
    first = await room.conversation.accept(HELLO)
    second = await room.conversation.accept(
        replace(HELLO, discord_id=102, author_name="Ben", text="And me?")
    )
    assert first is not None
    assert second is not None
    assert first.id == second.id
    await room.conversation.take(first.id, None, StopSignal())
    await room.conversation.take(second.id, None, StopSignal())
    assert room.speaker.said == ["To you both."]
    assert [block.text for block in room.backend.prompts[0].blocks[1:]] == [
        "Ann: Hello?",
        "Ben: And me?",
    ]


async def test_when_nobody_answers_the_channel_and_the_admin_are_told(stores: Stores) -> None:
    cause = Unreachable("Connection refused.", hint="Start the server.", profile="main")
    room = Room(stores, AllProfilesFailed("Nobody answered.", causes=[cause]))
    turn_id = await room.says(HELLO)
    assert [apology[0] for apology in room.speaker.apologies] == [turn_id]
    turn = await stores.transcript.turn(turn_id)
    assert turn is not None
    assert (turn.state, turn.error_code) == ("failed", "all_failed")
    assert turn.error_detail == "main: Connection refused. Start the server."
    assert [attempt.outcome for attempt in room.watcher.attempts] == ["all_failed"]


async def test_a_failed_turn_can_be_taken_again(stores: Stores) -> None:
    room = Room(stores, Unreachable("Connection refused."), "Here I am.")
    turn_id = await room.says(HELLO)
    assert await stores.transcript.reopen(turn_id) is not None
    await room.conversation.take(turn_id, None, StopSignal())
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "Here I am.")]


async def test_an_answered_turn_taken_again_is_a_new_variant_in_the_same_place(
    stores: Stores,
) -> None:
    room = Room(stores, "First.", "Second.")
    turn_id = await room.says(HELLO)
    assert await stores.transcript.reopen(turn_id) is not None
    await room.conversation.take(turn_id, None, StopSignal())
    assert await room.history() == [("Ann", "Hello?"), ("Mira", "Second.")]
    assert [block.text for block in room.backend.prompts[1].blocks[1:]] == ["Ann: Hello?"]


async def test_a_stop_before_the_first_word_leaves_nothing_behind(stores: Stores) -> None:
    room = Room(stores, "Never said.")
    turn = await room.conversation.accept(HELLO)
    assert turn is not None
    stop = StopSignal()
    stop.request()
    await room.conversation.take(turn.id, None, stop)
    assert room.speaker.said == []
    assert room.speaker.apologies == []
    assert await room.history() == [("Ann", "Hello?")]


async def test_when_discord_refuses_the_turn_fails_and_nothing_raises(stores: Stores) -> None:
    room = Room(stores, "Unheard.")
    room.speaker.refuses = RoleForgeError("Send Messages is missing.")
    turn = await stores.transcript.turn(await room.says(HELLO))
    assert turn is not None
    assert (turn.state, turn.error_code) == ("failed", "cannot_speak")


async def test_turns_cut_off_by_a_crash_are_offered_again_once(stores: Stores) -> None:
    room = Room(stores)
    turn = await room.conversation.accept(HELLO)
    assert turn is not None
    await stores.transcript.start(turn.id)
    await room.conversation.recover()
    await room.conversation.recover()
    assert room.speaker.offered == [turn.id]
    marked = await stores.transcript.turn(turn.id)
    assert marked is not None
    assert (marked.state, marked.error_code) == ("interrupted", "cut_off")


async def test_an_offer_that_discord_refuses_is_made_after_the_next_start(stores: Stores) -> None:
    room = Room(stores)
    turn = await room.conversation.accept(HELLO)
    assert turn is not None
    room.speaker.refuses = RoleForgeError("Discord is down.")
    await room.conversation.recover()
    room.speaker.refuses = None
    await room.conversation.recover()
    assert room.speaker.offered == [turn.id]
    assert await stores.transcript.unfinished() == []


async def test_a_channel_unbound_while_the_turn_waited_is_not_answered(stores: Stores) -> None:
    room = Room(stores)
    turn = await room.conversation.accept(HELLO)
    assert turn is not None
    await stores.bindings.unbind(CHANNEL)
    await room.conversation.take(turn.id, None, StopSignal())
    assert room.speaker.said == []
    assert await stores.transcript.unfinished() == []


LUNA = Persona(1, HELLO.author_id, "Luna", "A witch.")


class Chorus:
    """Everyone has a voice of their own."""

    async def of(self, character: Character) -> Voice | None:
        return Voice(character.name, "https://example.org/mira.png")


class Disguise:
    """Ann is Luna, everywhere."""

    async def worn(
        self, user_id: int, channel_id: int, parent_id: int | None = None
    ) -> Persona | None:
        del channel_id, parent_id
        return LUNA if user_id == HELLO.author_id else None

    async def wardrobe(self, user_id: int) -> Wardrobe:
        return Wardrobe((LUNA,)) if user_id == HELLO.author_id else Wardrobe()


async def test_a_character_speaks_with_its_own_voice(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", voices=Chorus())
    await room.says(HELLO)
    assert room.speaker.voices == [Voice("Mira", "https://example.org/mira.png")]


async def test_people_speak_as_their_personas(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", personas=Disguise())
    await room.says(HELLO)
    assert "A witch." in str(room.backend.prompts[0].blocks)
    assert (await room.history())[0] == ("Luna", "Hello?")


async def test_who_is_named_by_a_proxy_keeps_that_name(stores: Stores) -> None:
    room = Room(stores, "Near Titan.", personas=Disguise())
    await room.says(replace(HELLO, author_name="Stella", proxied=True))
    assert (await room.history())[0] == ("Stella", "Hello?")


async def test_a_withdrawn_reply_leaves_nothing_behind(stores: Stores) -> None:
    room = Room(stores, "Near Titan.")
    turn = await room.conversation.accept(HELLO)
    assert turn
    stop = StopSignal()
    room.speaker.after_speaking = partial(stop.request, traceless=True)
    await room.conversation.take(turn.id, None, stop)
    assert room.speaker.unsaid == [900]
    assert await room.history() == [("Ann", "Hello?")]
    ended = await stores.transcript.turn(turn.id)
    assert ended
    assert (ended.state, ended.posted) == ("interrupted", ())


async def test_what_is_out_of_character_is_neither_answered_nor_seen(stores: Stores) -> None:
    room = Room(stores, "Yes?")
    assert await room.conversation.accept(replace(HELLO, text="((brb))")) is None
    await room.says(replace(HELLO, discord_id=102, text="Hello ((cold here)) again"))
    assert [block.text for block in room.backend.prompts[0].blocks[1:]] == ["Ann: Hello again"]


async def test_an_edit_takes_words_out_of_the_story(stores: Stores) -> None:
    room = Room(stores, "Yes?")
    await room.says(HELLO)
    assert await room.conversation.edit(101, "// sorry, wrong channel")
    assert await room.history() == [("Mira", "Yes?")]
    assert await room.conversation.edit(101, "Hello ((again)) you")
    assert await room.history() == [("Ann", "Hello you"), ("Mira", "Yes?")]
