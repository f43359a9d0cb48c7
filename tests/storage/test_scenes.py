import json

import pytest

from roleplay.chats.formats import write_file
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError
from roleplay.scenes.store import StoredScene
from roleplay.transcript import IncomingMessage
from storage.open import Stores

THREAD, GUILD = 10**18, 3

CHAT: list[dict[str, object]] = [
    {"user_name": "Ann", "character_name": "Mira", "chat_metadata": {"x": 1}},
    {
        "name": "Mira",
        "is_user": False,
        "mes": "Welcome.",
        "send_date": "June 19, 2023 2:20pm",
        "swipe_id": 1,
        "swipes": ["Hello.", "Welcome."],
        "extra": {"gen_id": 7},
    },
    {"name": "Ann: B", "is_user": True, "mes": "Hi!", "send_date": 1700000000000},
    {"name": "Note", "is_user": False, "is_system": True, "mes": "psst", "extra": {}},
]


def file_of(objects: list[dict[str, object]]) -> bytes:
    return "\n".join(json.dumps(each) for each in objects).encode()


async def bring(stores: Stores) -> None:
    chat = read_chat(file_of(CHAT), "a.jsonl")
    scene = StoredScene(THREAD, GUILD, "The inn", header=chat.header)
    assert await stores.scenes.bring(scene, chat, {"Mira": 7}) == 3


async def test_a_chat_that_is_brought_in_is_the_history(stores: Stores) -> None:
    await bring(stores)
    said = IncomingMessage(THREAD + 5, THREAD, GUILD, 4, "Ben", "And now?", 2.0)
    await stores.transcript.accept(said, wants_reply=False)
    recent = await stores.transcript.recent(THREAD, 50)
    assert recent[0].author_name == "Mira"
    assert [one.text for one in recent] == ["Welcome.", "Hi!", "And now?"]
    assert recent[0].character_id == 7


async def test_a_chat_imported_and_exported_again_is_equal(stores: Stores) -> None:
    await bring(stores)
    written = write_file(await stores.scenes.chat(THREAD), "jsonl").decode()
    assert [json.loads(line) for line in written.splitlines()] == CHAT


async def test_a_chat_cannot_go_before_what_was_reset(stores: Stores) -> None:
    await bring(stores)
    await stores.transcript.reset(THREAD, 1.0)
    with pytest.raises(ChatError):
        await bring(stores)


async def test_scenes_are_kept_by_server(stores: Stores) -> None:
    await stores.scenes.save(StoredScene(5, GUILD, "One"))
    await stores.scenes.save(StoredScene(6, 4, "Two", "paused"))
    assert [one.title for one in await stores.scenes.listed(GUILD)] == ["One"]
    assert len(await stores.scenes.listed()) == 2
    assert await stores.scenes.scene(6) == StoredScene(6, 4, "Two", "paused")
