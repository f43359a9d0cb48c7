from pathlib import Path

from fakes.sqlite import look, names_in
from pydantic import SecretStr

from roleplay.audit import ACTOR
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.budgets import Charge, Limit
from roleplay.casting.cast import Cast, with_seat
from roleplay.characters.card import Card
from roleplay.characters.contents import Contents
from roleplay.chat import ChatReply, Usage
from roleplay.health import HealthState, Notice, Outcome
from roleplay.lorebooks.book import Lorebook
from roleplay.lorebooks.store import Anchor, Link
from roleplay.memory.likeness import Learnt
from roleplay.memory.store import MemoryChoice
from roleplay.presets.preset import Preset
from roleplay.prompting.note import AuthorsNote
from roleplay.scenes.store import StoredScene
from roleplay.transcript import IncomingMessage, Part
from roleplay.voices import Said, Webhook
from roleplay.waiting import Held
from storage.open import FILE_NAME, Stores, open_stores
from storage.panels import PlacedPanel

CANARY = "xyzzy-canary"


async def fill(stores: Stores, guild_id: int, text: str) -> None:
    """One of everything that is kept of a server."""
    channel_id = guild_id + 1
    await stores.bindings.bind(ChannelBinding(channel_id, guild_id, bound_by=1, bound_at=1.0))
    await stores.presets.save(Preset("Warm", {"temperature": 1.2}), guild_id, 1)
    await stores.presets.use(channel_id, guild_id, "warm")
    await stores.casts.change(Cast(channel_id, guild_id), lambda cast: with_seat(cast, 7))
    await stores.bindings.save_guild(GuildSettings(guild_id, "main", 9))
    said = IncomingMessage(guild_id * 10, channel_id, guild_id, 1, "Ada", text, 1.0)
    turn = await stores.transcript.accept(said, wants_reply=True)
    assert turn
    await stores.transcript.start(turn.id)
    part = Part(guild_id * 10 + 1, text)
    reply = ChatReply(text, "stop", "main", usage=Usage(1, 1))
    message_id = await stores.transcript.finish(turn.id, reply, [part], by="Nova")
    await stores.transcript.save_counts("llama", {message_id: 3})
    await stores.transcript.reset(channel_id, 2.0)
    later = IncomingMessage(guild_id * 10 + 5, channel_id, guild_id, 1, "Ada", text, 1.0)
    await stores.transcript.accept(later, wants_reply=False)
    await stores.scenes.save(StoredScene(channel_id, guild_id, text))
    [newest] = await stores.transcript.recent(channel_id, 1)
    await stores.vectors.save(channel_id, text, [Learnt(newest.id, text, (1.0,))])
    await stores.memory.choose(MemoryChoice(channel_id, guild_id, enabled=True))
    await stores.memory.edit(channel_id, text, 1, 1.0)
    await stores.health.save(HealthState("main"), Outcome(1.0, "failed"), "opened")
    await stores.health.save_notice(Notice(1, guild_id, 9, 90, "open"))
    worn = await stores.personas.create(guild_id, "Luna", "A witch.")
    await stores.personas.choose(guild_id, channel_id, guild_id, worn)
    await stores.voices.save(Webhook(guild_id + 2, channel_id, guild_id, SecretStr(text)))
    await stores.voices.note(Said(guild_id * 10 + 1, guild_id, None, text))
    await stores.characters.add(Contents(Card(text), text.encode(), {"a": b"x"}), guild_id)
    await stores.health.posted(guild_id, ("main",), 1.0)
    await stores.prompts.save_note(channel_id, guild_id, AuthorsNote(text))
    await stores.prompts.save_instruction("server", guild_id, guild_id, "main", text)
    await stores.prompts.tell_of_forgetting(channel_id, guild_id, 1.0)
    await stores.waiting.save(Held(channel_id, guild_id, None, turn.id, "main", 1.0))
    await stores.waiting.tell_of_substitute(1, channel_id, guild_id)
    await stores.departures.left(guild_id, 1.0)
    await stores.panels.save(PlacedPanel(guild_id, 9, 91))
    await stores.budgets.set_limit(Limit("server", "messages", 5, 60, guild_id=guild_id))
    await stores.budgets.reserve(Charge(1, channel_id, guild_id), (), 1.0)
    token = ACTOR.set(1)
    await stores.bindings.save_guild(GuildSettings(guild_id, "main", 8))
    await stores.bindings.save_guild(GuildSettings(guild_id, "main", 9))
    ACTOR.reset(token)
    kept = await stores.lorebooks.add(Lorebook(text), guild_id)
    await stores.lorebooks.attach(Link(kept.id, "channel", channel_id), guild_id)
    await stores.lore_timers.save(channel_id, guild_id, {text: Anchor(1, 2)})


async def test_a_server_that_is_left_is_forgotten_whole(stores: Stores) -> None:
    await fill(stores, 100, "ours")
    await fill(stores, 200, "theirs")
    await stores.guilds.forget(100)
    assert await stores.bindings.channel(101) is None
    assert await stores.casts.cast(101) is None
    assert await stores.bindings.guild(100) == GuildSettings(100)
    assert await stores.transcript.last_turn(101) is None
    assert await stores.transcript.knows([1000, 1001]) == set()
    assert [each.guild_id for each in await stores.health.notices(1)] == [200]
    assert await stores.bindings.guild(200) == GuildSettings(200, "main", 9)
    assert await stores.transcript.knows([2000, 2001]) == {2000, 2001}


async def test_every_table_that_names_a_server_is_purged(stores: Stores, tmp_path: Path) -> None:
    def count(table: str) -> int:
        return look(tmp_path / FILE_NAME, f"SELECT COUNT(*) FROM {table}")[0][0]  # noqa: S608

    named = """
        SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.name = 'guild_id'
    """
    tables = [name for (name,) in look(tmp_path / FILE_NAME, named)]
    assert "messages" in tables
    await fill(stores, 100, "ours")
    assert all(count(table) for table in (*tables, "message_vectors"))
    await stores.guilds.forget(100)
    further = ("variants", "parts", "token_counts", "message_vectors")
    assert not any(count(table) for table in (*tables, *further))


async def test_nothing_of_what_was_forgotten_is_left_in_the_files(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        await fill(stores, 100, CANARY)
        await stores.guilds.forget(100)
    assert FILE_NAME in names_in(tmp_path)
    assert [name for name in names_in(tmp_path) if _holds_canary(tmp_path / name)] == []


def _holds_canary(path: Path) -> bool:
    return CANARY.encode() in path.read_bytes()
