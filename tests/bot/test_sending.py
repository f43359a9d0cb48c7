"""Sending where the bot has to know its server: threads and permissions."""

from collections.abc import AsyncIterator

import discord
import pytest
import simcord
from fakes.clock import VirtualClock

from bot.errors import NotAllowed, Refused
from bot.pacer import Pacer
from bot.sending import Sender


@pytest.fixture
def bot() -> discord.Client:
    return discord.Client(intents=discord.Intents.all())


@pytest.fixture
async def sender(bot: discord.Client) -> AsyncIterator[Sender]:
    async with Pacer() as pacer:
        yield Sender(bot, pacer, VirtualClock())


@pytest.fixture
def simcord_bot(bot: discord.Client) -> discord.Client:
    return bot


@pytest.fixture
def env(simcord_env: simcord.Env) -> simcord.Env:
    simcord_env.create_guild("Inn")
    return simcord_env


async def a_thread(env: simcord.Env, bot: discord.Client) -> discord.Thread:
    channel = bot.get_channel(env.guild.create_text_channel("tavern").id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.create_thread(name="cellar", type=discord.ChannelType.public_thread)


async def test_an_archived_thread_is_reopened_once(
    env: simcord.Env, bot: discord.Client, sender: Sender
) -> None:
    thread = await a_thread(env, bot)
    await thread.edit(archived=True)
    env.inject_error("POST", "/channels/*/messages", status=400, code=50083, times=1)
    await sender.post(thread.id, "Hello?")
    assert [entry.json for entry in env.http_requests if entry.method == "PATCH"][-1] == {
        "archived": False
    }
    place = bot.get_channel(thread.id)
    assert isinstance(place, discord.Thread)
    assert not place.archived


async def test_a_thread_that_stays_archived_is_told_and_not_fought_over(
    env: simcord.Env, bot: discord.Client, sender: Sender
) -> None:
    thread = await a_thread(env, bot)
    env.inject_error("POST", "/channels/*/messages", status=400, code=50083, times=None)
    with pytest.raises(Refused) as caught:
        await sender.post(thread.id, "Hello?")
    assert "Manage Threads" in caught.value.hint
    posts = [e for e in env.http_requests if e.method == "POST" and e.path.endswith("/messages")]
    assert len(posts) == 2


async def test_the_missing_permission_is_named(
    env: simcord.Env, bot: discord.Client, sender: Sender
) -> None:
    place = env.guild.create_text_channel("quiet")
    channel = bot.get_channel(place.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, send_messages=False)
    with pytest.raises(NotAllowed, match="Send Messages") as caught:
        await sender.post(place.id, "Hello?")
    assert caught.value.permission == "send_messages"
