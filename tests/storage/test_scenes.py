import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.cards import png
from fakes.sqlite import look

from roleplay.bindings import ChannelBinding
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.chats.chat import Chat, ChatLine
from roleplay.chats.formats import Look, write_file
from roleplay.chats.read import read_chat
from roleplay.errors import ChatError
from roleplay.scenes.store import StoredScene
from roleplay.transcript import IncomingMessage
from storage.open import FILE_NAME, Stores, open_stores

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


async def test_a_chat_goes_into_no_channel_of_another_server(stores: Stores) -> None:
    await stores.bindings.bind(ChannelBinding(THREAD, GUILD + 1, bound_by=1, bound_at=1.0))
    with pytest.raises(ChatError, match="another server"):
        await bring(stores)
    assert await stores.transcript.recent(THREAD, 50) == []


async def test_others_write_while_thousands_of_lines_come_in(stores: Stores) -> None:
    """What is asked for meanwhile is answered long before the import ends."""
    chat = Chat(tuple(ChatLine("Ann", f"Line {n}.", is_user=True) for n in range(5000)))
    bringing = asyncio.create_task(stores.scenes.bring(StoredScene(THREAD, GUILD, "A"), chat))
    written = 0
    while not bringing.done():
        written += 1
        said = IncomingMessage(500 + written, 5, GUILD, 4, "Ben", "Meanwhile.", 2.0)
        await stores.transcript.accept(said, wants_reply=False)
    assert await bringing == 5000
    assert written > 10
    recent = await stores.transcript.recent(THREAD, 2)
    assert [one.text for one in recent] == ["Line 4998.", "Line 4999."]
    assert await stores.scenes.scene(THREAD)


async def test_an_import_that_is_cancelled_leaves_nothing(stores: Stores) -> None:
    chat = Chat(tuple(ChatLine("Ann", f"Line {n}.", is_user=True) for n in range(1000)))
    await bring(stores)
    scene = StoredScene(THREAD + 1, GUILD, "A")
    bringing = asyncio.create_task(stores.scenes.bring(scene, chat))
    while not await stores.transcript.recent(scene.channel_id, 1):
        pass
    bringing.cancel()
    await asyncio.wait([bringing])
    assert await stores.transcript.recent(scene.channel_id, 1) == []
    assert len(await stores.transcript.recent(THREAD, 50)) == 2


IMPORTER = """
import asyncio, sys
from pathlib import Path
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.chats.chat import Chat, ChatLine
from roleplay.scenes.store import StoredScene
from storage.open import open_stores

async def main():
    chat = Chat(tuple(ChatLine("Ann", f"Line {n}.", True) for n in range(20_000)))
    async with open_stores(Path(sys.argv[1])) as stores:
        bringing = asyncio.create_task(stores.scenes.bring(StoredScene(7000000, 3, "A"), chat))
        while not await stores.transcript.recent(7000000, 1):
            pass
        print("begun", flush=True)
        await bringing

asyncio.run(main())
"""


async def test_an_import_that_a_crash_cuts_off_leaves_nothing(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTER, str(tmp_path), stdout=subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"begun\n"
    child.kill()
    await child.wait()
    assert look(tmp_path / FILE_NAME, "SELECT COUNT(*) FROM imports") == [(1,)]
    async with open_stores(tmp_path) as stores:
        assert await stores.transcript.recent(7000000, 1) == []
        assert await stores.scenes.scene(7000000) is None


async def test_the_page_shows_the_faces_once_each(stores: Stores) -> None:
    mira = await stores.characters.add(Contents(Card("Mira")), GUILD, avatar=png())
    luna = await stores.personas.create(4, "Luna", "")
    await stores.personas.hang(luna, png(size=(5, 5)))
    chat = read_chat(file_of(CHAT), "a.jsonl")
    await stores.scenes.bring(StoredScene(THREAD, GUILD, "A"), chat, {"Mira": mira.id})
    for number, name in enumerate(("Luna", "Ben", "Luna")):
        said = IncomingMessage(THREAD + 5 + number, THREAD, GUILD, 4, name, "Hello.", 2.0)
        await stores.transcript.accept(said, wants_reply=False)
    faces = await stores.scenes.faces(THREAD)
    assert faces == {"Mira": png(), "Luna": png(size=(5, 5))}
    page = write_file(await stores.scenes.chat(THREAD), "html", Look(faces)).decode()
    assert page.count("data:image/png;base64,") == 2
    assert page.count('<div class="face f0"></div>') == 1
    assert page.count('<div class="face f1"></div>') == 2


async def test_scenes_are_kept_by_server(stores: Stores) -> None:
    await stores.scenes.save(StoredScene(5, GUILD, "One"))
    await stores.scenes.save(StoredScene(6, 4, "Two", "paused"))
    assert [one.title for one in await stores.scenes.listed(GUILD)] == ["One"]
    assert len(await stores.scenes.listed()) == 2
    assert await stores.scenes.scene(6) == StoredScene(6, 4, "Two", "paused")
