from roleplay.chat import ChatReply
from roleplay.transcript import IncomingMessage, Part
from storage.open import Stores

ASKED = IncomingMessage(100, 2, 3, 4, "Ann", "Hello?", 1.0)
JOINED = IncomingMessage(101, 2, 3, 5, "Ben", "And me?", 2.0)


async def test_a_reply_belongs_to_all_whom_it_answers(stores: Stores) -> None:
    turn = await stores.transcript.accept(ASKED, wants_reply=True)
    assert turn
    await stores.transcript.accept(JOINED, wants_reply=True)
    await stores.transcript.start(turn.id)
    await stores.transcript.posted(turn.id, 110)
    growing = await stores.ownership.behind(110)
    assert growing
    assert (growing.text, growing.answered) == ("", {4, 5})
    reply = ChatReply("Hello. You too.", "stop", "main", model="m")
    parts = [Part(110, "Hello."), Part(111, "You too.")]
    await stores.transcript.finish(turn.id, reply, parts, by="Mira", character_id=7)
    found = await stores.ownership.behind(111)
    assert found
    assert (found.character, found.text, found.parts) == ("Mira", "You too.", (110, 111))
    assert (found.served_by, found.model, found.answered) == ("main", "m", {4, 5})


async def test_nobody_of_ours_is_behind_a_persons_message(stores: Stores) -> None:
    await stores.transcript.accept(ASKED, wants_reply=True)
    assert await stores.ownership.behind(100) is None
    assert await stores.ownership.behind(999) is None
