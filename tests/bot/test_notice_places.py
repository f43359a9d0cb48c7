"""Threads, forums, direct messages and the webhook; digests, hosts, reminders."""

from pathlib import Path

import discord
import simcord
from fakes.llm import ScriptedLlm, fail
from fakes.watched import World, titles, world
from pydantic import SecretStr

from roleplay.affected import Routes
from roleplay.chat import ChatReply, Usage
from roleplay.maintenance import Window
from roleplay.places import Place
from roleplay.transcript import IncomingMessage, Part

MANY = tuple(f"p{n:02}" for n in range(50))


def embed_of(channel: simcord.ChannelHandle) -> str:
    embed = channel.history()[-1].embeds[0]
    return f"{embed.title}\n{embed.description}"


async def fallback(at: World, *names: str) -> None:
    """Every profile answers somewhere."""
    at.routes = Routes("main", {"main": ("main", *names), **{name: (name,) for name in names}})


async def test_a_thread_can_be_the_outage_channel(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        assert channel.guild
        parent = at.bot.get_channel(channel.id)
        assert isinstance(parent, discord.TextChannel)
        kind = discord.ChannelType.public_thread
        thread = await parent.create_thread(name="notices", type=kind)
        await at.env.settle()
        await at.choose(channel.guild.id, thread.id)
        await at.goes_down()
        [handle] = channel.threads
        assert titles(handle) == ["`main` is down"]
        await at.comes_back()
        assert titles(handle) == ["`main` is back"]


async def test_in_a_forum_each_outage_is_a_post(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        assert channel.guild
        forum = channel.guild.create_forum_channel("incidents")
        await at.env.settle()
        await at.choose(channel.guild.id, forum.id)
        await at.goes_down()
        [post] = forum.threads
        assert post.name == "main is down"
        assert titles(post) == ["`main` is down"]
        await at.comes_back()
        assert titles(post) == ["`main` is back"]
        at.clock.advance(3600)
        await at.goes_down()
        assert len(forum.threads) == 2


async def test_owners_read_of_all_servers_in_their_direct_messages(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        await at.server()
        await at.server()
        owner = at.env.create_user("eve")
        at.owners = (owner.id,)
        at.telling.health = at.health.model_copy(update={"owner_dm": True})
        await at.goes_down()
        assert titles(owner.dm_channel) == ["`main` is down"]
        fields = owner.dm_channel.history()[-1].embeds[0].fields
        assert fields[-1].value == "2 channels in 2 servers; 0 of them without an answer."
        await at.comes_back()
        assert titles(owner.dm_channel) == ["`main` is back"]


async def test_a_webhook_is_told_of_the_beginning_and_the_end(tmp_path: Path) -> None:
    async with world(tmp_path) as at, ScriptedLlm() as receiver:
        hook = SecretStr(f"{receiver.url}/hook")
        at.telling.health = at.health.model_copy(update={"webhook": hook})
        receiver.otherwise = fail(204, "")
        await at.goes_down()
        await at.minutes("down", "down")
        await at.comes_back()
        first, last = (seen.body for seen in receiver.requests)
        assert (first["event"], first["text"]) == ("opened", "main is down")
        [entry] = first["incidents"]
        assert (entry["state"], entry["profiles"], entry["code"]) == (
            "open",
            ["main"],
            "unreachable",
        )
        assert entry["openedAt"] == "2023-11-14T22:15:20+00:00"
        assert (last["event"], last["incidents"][0]["state"]) == ("recovered", "closed")
        assert await at.store.untold() == []


async def test_a_webhook_that_refuses_is_told_later(tmp_path: Path) -> None:
    async with world(tmp_path) as at, ScriptedLlm() as receiver:
        at.telling.health = at.health.model_copy(update={"webhook": SecretStr(receiver.url)})
        receiver.otherwise = fail(404)
        await at.goes_down()
        await at.minutes("down")
        assert len(receiver.requests) == 2
        assert "404" in at.notices.refusal(0)
        receiver.otherwise = fail(200, {})
        await at.minutes("down", "down")
        assert len(receiver.requests) == 3
        assert at.notices.refusal(0) == ""


async def test_fifty_profiles_down_together_are_one_message(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await fallback(at, *MANY)
        await at.all("down", *MANY, times=3)
        assert titles(channel) == ["50 profiles are down"]
        await at.all("up", *MANY[:20], times=2)
        assert titles(channel) == ["30 profiles are down"]
        await at.all("up", *MANY[20:], times=2)
        assert titles(channel) == ["All 50 profiles are back"]
        assert await at.store.untold() == []


async def test_those_who_fail_a_moment_later_join_the_message_of_many(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await fallback(at, *MANY)
        await at.all("down", *MANY[:10], times=3, seconds=10)
        await at.all("down", *MANY[10:12], times=3, seconds=10)
        at.clock.advance(60)
        await at.notices.reconcile()
        assert titles(channel) == ["12 profiles are down"]


async def test_many_of_one_host_are_one_incident(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await fallback(at, *MANY)
        at.places = dict.fromkeys(MANY, Place("gpu-box", "lan"))
        await at.all("down", *MANY[:5], times=4)
        assert len(await at.store.open_incidents()) == 1
        assert embed_of(channel).startswith("`p00`, `p01`, `p02`, `p03` and 1 more are down\n")
        await at.all("up", *MANY[:4], times=3)
        assert "Well again: `p00`, `p01`, `p02` and `p03`." in embed_of(channel)
        await at.all("up", MANY[4], times=2)
        assert "are back" in embed_of(channel)


async def test_an_outage_that_nobody_takes_on_is_recalled_and_the_recall_taken_back(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        at.telling.health = at.health.model_copy(update={"reminder": 3600.0})
        await at.goes_down()
        for _ in range(150):
            await at.minutes("down")
        assert titles(channel) == ["`main` is down", "Still down: `main`"]
        assert channel.history()[-1].flags.value & 4096
        await at.comes_back()
        assert titles(channel) == ["`main` is back"]


async def test_nothing_is_posted_during_maintenance(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        at.telling.health = at.health.model_copy(update={"reminder": 300.0})
        await at.minutes("down", "down")
        assert channel.guild
        await at.choose(channel.guild.id, None)
        await at.minutes("down")
        await at.plans.add(Window(start=at.clock.now(), seconds=1800))
        await at.choose(channel.guild.id, channel.id)
        for _ in range(29):
            await at.minutes("down")
        assert titles(channel) == []
        await at.minutes("down", "down")
        assert titles(channel) == ["`main` is down"]


async def test_the_end_counts_the_messages_meanwhile(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        guild = channel.guild
        assert guild
        tavern = guild.channels["tavern"].id
        await at.goes_down()
        transcript = at.stores.transcript
        for number, served_by in enumerate(["backup", "backup", "", "main"], start=1):
            said = IncomingMessage(number * 10, tavern, guild.id, 1, "Ada", "Hi", at.clock.now())
            turn = await transcript.accept(said, wants_reply=True)
            assert turn
            await transcript.start(turn.id)
            if served_by:
                reply = ChatReply("Hello", "stop", served_by, usage=Usage(1, 1))
                await transcript.finish(turn.id, reply, [Part(number * 10 + 1, "Hello")], by="N")
            else:
                await transcript.fail(turn.id, "failed", "all_failed", "")
        await at.comes_back()
        assert "2 answered by another profile, 1 not answered" in embed_of(channel)


async def test_several_that_begin_together_wait_for_each_other(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        at.settle = 5.0
        at.restart()
        await fallback(at, *MANY)
        for name in MANY[:4]:
            await at.all("down", name, times=3, seconds=1)
        assert titles(channel) == []
        at.clock.advance(5)
        await at.notices.reconcile()
        assert titles(channel) == ["4 profiles are down"]
