from dataclasses import replace

from roleplay.chat import ChatReply
from roleplay.transcript import IncomingMessage, Part
from storage.open import Stores


async def test_a_message_stands_in_for_another_with_its_turn_and_its_reply(
    stores: Stores,
) -> None:
    original = IncomingMessage(100, 2, 3, 4, "Ann", "L: Hello?", 1.0)
    turn = await stores.transcript.accept(original, wants_reply=True)
    assert turn
    await stores.transcript.start(turn.id)
    reply = ChatReply("Welcome.", "stop", "main")
    await stores.transcript.finish(turn.id, reply, [Part(101, "Welcome.")], by="Mira")
    proxy = replace(original, discord_id=102, author_id=9, author_name="Luna", text="Hello?")
    assert await stores.transcript.stand_in(100, proxy)
    assert not await stores.transcript.stand_in(100, proxy)
    recent = await stores.transcript.recent(2, 10)
    assert [(each.author_name, each.author_id, each.text) for each in recent] == [
        ("Luna", 4, "Hello?"),
        ("Mira", 0, "Welcome."),
    ]
    moved = await stores.transcript.turn(turn.id)
    assert moved
    assert moved.trigger_discord_id == 102
    assert await stores.transcript.newest(2) == 102
