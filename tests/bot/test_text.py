"""What the rest of the program is told of a Discord message."""

import discord
import pytest
import simcord

from bot.text import to_incoming
from roleplay.transcript import IncomingMessage


class Listener(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())
        self.heard: list[IncomingMessage] = []

    async def on_message(self, message: discord.Message) -> None:
        assert self.user
        if message.author != self.user:
            self.heard.append(to_incoming(message, self.user))


@pytest.fixture
def bot() -> Listener:
    return Listener()


@pytest.fixture
def simcord_bot(bot: Listener) -> Listener:
    return bot


@pytest.fixture
def env(simcord_env: simcord.Env) -> simcord.Env:
    simcord_env.create_guild("Inn")
    return simcord_env


async def test_a_plain_message_keeps_its_facts(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada", global_name="Ada\nLovelace"))
    sent = await ada.send(channel, "Hello there.")
    assert bot.heard == [
        IncomingMessage(
            discord_id=sent.id,
            channel_id=channel.id,
            guild_id=env.guild.id,
            author_id=ada.id,
            author_name="Ada Lovelace",
            text="Hello there.",
            created_at=sent.created_at.timestamp(),
        )
    ]


async def test_mentions_and_emoji_become_words(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    bob = env.guild.add_member(env.create_user("bob", global_name="Bob"))
    emoji = "<a:wave:123456789012345678>"
    await ada.send(channel, f"{bob.mention} come to {channel.mention} {emoji} @everyone")
    assert bot.heard[0].text == "@Bob come to #tavern :wave: @everyone"
    assert not bot.heard[0].mentions_bot


async def test_a_mention_of_the_bot_is_noticed(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    assert bot.user
    await ada.send(channel, f"{bot.user.mention} hi")
    assert bot.heard[0].mentions_bot
    assert bot.heard[0].text == f"@{bot.user.display_name} hi"


async def test_a_reply_to_the_bot_is_noticed_and_one_to_a_person_quoted(
    env: simcord.Env, bot: Listener
) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    bob = env.guild.add_member(env.create_user("bob", global_name="Bob"))
    theirs = await bob.send(channel, "I saw\nit. " + "word " * 40)
    place = bot.get_partial_messageable(channel.id)
    ours = await place.send("Who goes there?")
    await ada.send(channel, "You did?", reply_to=theirs)
    await ada.send(channel, "A friend.", reply_to=ours)
    to_bob, to_bot = bot.heard[1:]
    quote, said = to_bob.text.splitlines()
    assert quote.startswith("[answering Bob: I saw it. word")
    assert quote.endswith("…]")
    assert (said, to_bob.replies_to_bot) == ("You did?", False)
    assert (to_bot.text, to_bot.replies_to_bot) == ("A friend.", True)


async def test_attachments_are_named(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    await ada.send(channel, "Look", attachments=[("map.png", b"x"), ("notes.zip", b"x")])
    assert bot.heard[0].text == "Look\n[image: map.png]\n[file: notes.zip]"


async def test_a_forwarded_message_is_told_as_one(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    first = await ada.send(channel, "News!")
    await ada.forward(first, channel)
    assert bot.heard[1].text == "[forwarded: News!]"
    assert not bot.heard[1].replies_to_bot


async def test_a_direct_message_has_no_server(env: simcord.Env, bot: Listener) -> None:
    ada = env.create_user("ada")
    await ada.send_dm("Psst.")
    assert (bot.heard[0].guild_id, bot.heard[0].text) == (None, "Psst.")


async def test_a_thread_names_its_channel(env: simcord.Env, bot: Listener) -> None:
    channel = env.guild.create_text_channel("tavern")
    ada = env.guild.add_member(env.create_user("ada"))
    place = bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    await place.create_thread(name="cellar", type=discord.ChannelType.public_thread)
    (thread,) = channel.threads
    await ada.send(thread, "Dark here.")
    heard = bot.heard[-1]
    assert (heard.channel_id, heard.parent_channel_id) == (thread.id, channel.id)
