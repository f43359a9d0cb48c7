"""The page shows what a bot does by itself, in real time and outside the client's own tasks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO

import discord
import pytest
from fakes.reader import Reader, reading
from PIL import Image
from simcord import Env

from bot.playground import preview
from bot.playground.preview import LivePreview, require_known_simcord
from bot.playground.world import World, build_world
from roleplay.errors import RoleForgeError

INTENTS = discord.Intents(guilds=True, guild_messages=True, message_content=True)


class Listener(discord.Client):
    """Hands every message of a person over, and does nothing else."""

    def __init__(self) -> None:
        super().__init__(intents=INTENTS)
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.heard.put_nowait(message)


@asynccontextmanager
async def page() -> AsyncGenerator[tuple[Listener, World, Reader]]:
    client = Listener()
    env = Env(client)
    world = build_world(env, "Rowan")
    await env.start()
    try:
        async with (
            LivePreview(env, "The Tavern", world.channels, world.people, 0) as live,
            reading(live.url) as reader,
        ):
            yield client, world, reader
    finally:
        await env.shutdown()


async def test_a_reply_is_seen_growing_without_any_action_of_the_reader() -> None:
    async with page() as (client, _world, reader):
        await reader.say("Good evening!")
        heard = await client.heard.get()
        reply = await heard.channel.send("Welcome")
        await reader.look()
        assert reader.messages == [("Ada", "Good evening!"), ("Rowan", "Welcome")]
        await reply.edit(content="Welcome, traveller!")
        await reader.look()
        assert reader.messages[-1] == ("Rowan", "Welcome, traveller!")


async def test_a_reader_can_write_although_the_reply_has_grown_since_they_looked() -> None:
    async with page() as (client, _world, reader):
        await reader.say("Good evening!")
        await reader.look()
        seen = reader.state
        heard = await client.heard.get()
        await heard.channel.send("Welcome")
        await reader.look()
        reader.state = seen
        receipt = await reader.say("Some bread, please.")
        assert receipt["settlement"] == "settled"
        assert (await client.heard.get()).content == "Some bread, please."


async def test_what_has_not_changed_is_not_published_again() -> None:
    async with page() as (_client, _world, reader):
        await reader.say("Good evening!")
        await reader.look()
        seen = reader.state
        await reader.look()
        assert reader.state == seen


async def test_it_is_shown_who_is_typing_until_they_have_said_it() -> None:
    async with page() as (client, _world, reader):
        await reader.say("Good evening!")
        heard = await client.heard.get()
        await heard.channel.typing()
        await reader.look()
        assert reader.state["typing"] == ["Rowan"]
        await heard.channel.send("Welcome")
        await reader.look()
        assert reader.state["typing"] == []


async def test_a_reader_walks_into_another_channel_and_writes_there() -> None:
    async with page() as (client, world, reader):
        await reader.say("Good evening!")
        channel_id = str(world.back_room.id)
        moved = await reader.post({"kind": "switch_channel", "channel_id": channel_id})
        await reader.look()
        assert moved == {"switched": True}
        assert reader.messages == []
        await reader.say("Anybody here?")
        await reader.look()
        assert reader.messages == [("Ada", "Anybody here?")]
        assert [(await client.heard.get()).channel.id for _ in range(2)] == [
            world.hearth.id,
            world.back_room.id,
        ]


async def test_there_is_no_way_into_a_channel_that_is_not_listed() -> None:
    async with page() as (_client, world, reader):
        assert await reader.post({"kind": "switch_channel", "channel_id": "1"}) == {
            "switched": False
        }
        await reader.look()
        assert reader.state["channelId"] == str(world.hearth.id)


async def test_another_person_can_be_spoken_as() -> None:
    async with page() as (_client, world, reader):
        await reader.act("viewer", viewer_id=str(world.people[1].id))
        await reader.look()
        await reader.say("I am Bram.")
        await reader.look()
        assert reader.messages == [("Bram", "I am Bram.")]


async def test_messages_carry_the_real_time() -> None:
    async with page() as (client, _world, reader):
        before = discord.utils.utcnow().replace(microsecond=0)
        await reader.say("What time is it?")
        assert (await client.heard.get()).created_at >= before


def test_a_simcord_whose_inside_is_not_known_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_known_simcord()
    monkeypatch.setattr(preview, "KNOWN", "9.9.9")
    with pytest.raises(RoleForgeError, match=r"simcord 9\.9\.9") as refused:
        require_known_simcord()
    assert "pip install" in refused.value.hint


async def test_two_voices_of_one_webhook_stand_apart() -> None:
    async with page() as (client, world, reader):
        channel = client.get_channel(world.hearth.id)
        assert isinstance(channel, discord.TextChannel)
        hook = await channel.create_webhook(name="RoleForge")
        for name in ("Lyra", "Lyra", "Bor"):
            await hook.send("Welcome!", username=name)
        await reader.look()
        shown = [reader.state["messages"][each] for each in reader.state["timeline"]]
        assert [message["compact"] for message in shown] == [False, True, False]


async def test_a_webhooks_own_picture_is_shown() -> None:
    picture = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(picture, "PNG")
    async with page() as (client, world, reader):
        emoji = await client.create_application_emoji(name="lyra", image=picture.getvalue())
        channel = client.get_channel(world.hearth.id)
        assert isinstance(channel, discord.TextChannel)
        hook = await channel.create_webhook(name="RoleForge")
        address = f"https://cdn.discordapp.com/emojis/{emoji.id}.png"
        await hook.send("Welcome!", username="Lyra", avatar_url=address)
        await reader.look()
        assert reader.messages == [("Lyra", "Welcome!")]
        [avatar] = [
            asset for asset in reader.state["assets"].values() if asset["filename"] == "avatar.webp"
        ]
        assert avatar["available"]
