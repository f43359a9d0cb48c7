"""The fake Discord, seen through an unmodified discord.py."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands
from fakes.discord import FakeDiscord
from fakes.discord.faults import SEND, banned, failing, held, reset, too_many
from fakes.discord.limits import Limits

Messages = asyncio.Queue[discord.Message]


class Bot(discord.Client):
    """Notes every message of a person, and has a command and a button."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, max_ratelimit_timeout=30)
        self.heard: Messages = asyncio.Queue()
        self.tree = app_commands.CommandTree(self)

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.heard.put_nowait(message)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        with server.here():
            yield server


@contextlib.asynccontextmanager
async def running(fake: FakeDiscord, bot: Bot) -> AsyncGenerator[Bot]:
    async with bot:
        task = asyncio.create_task(bot.start(fake.token))
        await fake.wait_ready()
        yield bot
    await task


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    async with running(fake, Bot()) as client:
        yield client


async def test_a_person_is_heard_and_answered_and_sees_the_answer_grow(
    fake: FakeDiscord, bot: Bot
) -> None:
    tavern, ada = fake.add_channel(), fake.add_person("Ada")
    said = fake.say(tavern, ada, "Hello?")
    heard = await bot.heard.get()
    assert (heard.id, heard.content, heard.author.display_name) == (said, "Hello?", "Ada")
    async with heard.channel.typing():
        answer = await heard.reply("He")
    await answer.edit(content="Hello!")
    shown = await fake.wait_for_reply(tavern, "Hello!", after=said)
    assert [version.content for version in shown.versions] == ["He", "Hello!"]
    assert shown.reply_to == said
    assert fake.world.typing


async def test_edits_and_deletions_of_people_reach_the_bot(fake: FakeDiscord, bot: Bot) -> None:
    tavern, ada = fake.add_channel(), fake.add_person()
    said = fake.say(tavern, ada, "one")
    await bot.heard.get()
    edited = asyncio.ensure_future(bot.wait_for("message_edit"))
    deleted = asyncio.ensure_future(bot.wait_for("message_delete"))
    await asyncio.sleep(0)
    fake.edit(said, "two")
    fake.delete(said)
    assert (await edited)[1].content == "two"
    assert (await deleted).id == said


async def test_history_is_listed_newest_first(fake: FakeDiscord, bot: Bot) -> None:
    tavern, ada = fake.add_channel(), fake.add_person()
    said = [fake.say(tavern, ada, str(number)) for number in range(3)]
    heard = await bot.heard.get()
    listed = [message.id async for message in heard.channel.history(limit=2)]
    assert listed == said[:0:-1]
    newer = [message.id async for message in heard.channel.history(after=heard, oldest_first=True)]
    assert newer == said[1:]


async def test_a_repeated_nonce_makes_one_message(fake: FakeDiscord, bot: Bot) -> None:
    tavern = fake.add_channel()
    fake.say(tavern, fake.add_person(), "Hi")
    channel = (await bot.heard.get()).channel
    first = await channel.send("once", nonce="n1")
    second = await channel.send("once", nonce="n1")
    assert first.id == second.id
    assert len(fake.replies(tavern)) == 1


async def test_a_short_429_is_waited_out_and_a_cloudflare_page_is_not(
    fake: FakeDiscord, bot: Bot
) -> None:
    tavern = fake.add_channel()
    fake.say(tavern, fake.add_person(), "Hi")
    channel = (await bot.heard.get()).channel
    fake.faults.script(SEND, too_many(0.01), None, too_many(40), banned())
    await channel.send("after a wait")
    with pytest.raises(discord.RateLimited):
        await channel.send("too long")
    with pytest.raises(discord.HTTPException, match="429"):
        await channel.send("banned")
    assert [call.status for call in fake.called(SEND)] == [429, 200, 429, 429]


async def test_a_fault_may_strike_before_or_after_the_message_is_stored(
    fake: FakeDiscord, bot: Bot
) -> None:
    tavern = fake.add_channel()
    fake.say(tavern, fake.add_person(), "Hi")
    channel = (await bot.heard.get()).channel
    fake.faults.script(SEND, failing(503), failing(503, stored=True), reset(), reset(stored=True))
    for text in ("lost", "kept"):
        with pytest.raises(discord.DiscordServerError):
            await channel.send(text)
    for text in ("lost too", "kept too"):
        with pytest.raises(OSError, match=r"."):
            await channel.send(text)
    assert [message.content for message in fake.replies(tavern)] == ["kept", "kept too"]


async def test_a_held_request_waits_for_the_test(fake: FakeDiscord, bot: Bot) -> None:
    tavern, gate = fake.add_channel(), asyncio.Event()
    fake.say(tavern, fake.add_person(), "Hi")
    channel = (await bot.heard.get()).channel
    fake.faults.script(SEND, held(gate))
    sending = asyncio.ensure_future(channel.send("late"))
    await fake.until(lambda: fake.called(SEND))
    assert not fake.replies(tavern)
    gate.set()
    await sending
    assert fake.replies(tavern)


async def test_over_limit_requests_get_429s_and_are_sent_again() -> None:
    limits = Limits(per_channel=2, channel_seconds=0.05)
    async with FakeDiscord(limits=limits) as strict:
        with strict.here():
            async with running(strict, Bot()) as bot:
                tavern = strict.add_channel()
                strict.say(tavern, strict.add_person(), "Hi")
                channel = (await bot.heard.get()).channel
                for number in range(5):
                    await channel.send(str(number))
                assert [m.content for m in strict.replies(tavern)] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("trouble", ["op 7", "close", "reset", "op 9 resumable"])
async def test_what_happens_while_the_line_is_down_is_replayed(
    fake: FakeDiscord, bot: Bot, trouble: str
) -> None:
    tavern, ada = fake.add_channel(), fake.add_person()
    if trouble == "op 7":
        fake.gateway.ask_to_reconnect()
    elif trouble == "close":
        fake.gateway.close(4000)
    elif trouble == "reset":
        fake.gateway.reset()
    else:
        fake.gateway.invalidate(resumable=True)
    said = [fake.say(tavern, ada, text) for text in ("while", "away")]
    await fake.until(lambda: fake.gateway.resumed)
    assert [(await bot.heard.get()).id for _ in said] == said
    assert bot.heard.empty()
    assert len(fake.gateway.identifies) == 1


async def test_a_bad_token_is_refused_by_rest_and_by_the_gateway(fake: FakeDiscord) -> None:
    async with Bot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")
    fake.gateway.refuse.append(4004)
    async with Bot() as bot:
        with pytest.raises(discord.ConnectionClosed, match="4004"):
            await bot.start(fake.token)


async def test_an_intent_that_was_not_granted_is_refused(fake: FakeDiscord) -> None:
    fake.world.message_content_granted = False
    async with Bot() as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(fake.token)


async def test_a_thread_knows_its_parent(fake: FakeDiscord, bot: Bot) -> None:
    tavern, ada = fake.add_channel(), fake.add_person()
    fake.say(fake.add_thread(tavern), ada, "Hi")
    heard = await bot.heard.get()
    assert isinstance(heard.channel, discord.Thread)
    assert heard.channel.parent_id == tavern.id


async def test_a_command_is_registered_used_and_answered(fake: FakeDiscord) -> None:
    bot = Bot()
    group = app_commands.Group(name="profile", description="Profiles")
    bot.tree.add_command(group)
    seen: list[Any] = []

    async def switch(
        interaction: discord.Interaction, name: str, where: discord.TextChannel
    ) -> None:
        seen.extend((interaction.user.display_name, interaction.permissions.manage_guild))
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"{name} in {where.name}")
        await interaction.edit_original_response(content=f"{name} it is, in {where.name}")

    async def offer(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=typed * 2, value=typed)]

    command: app_commands.Command[Any, ..., Any] = group.command(
        name="switch", description="Switch"
    )(switch)
    command.autocomplete("name")(offer)
    async with running(fake, bot):
        tavern, ada = fake.add_channel(), fake.add_person("Ada")
        await bot.tree.sync()
        used = fake.slash(tavern, ada, "profile switch", name="local", where=tavern)
        await fake.wait_for_answer(used, "local it is, in tavern")
        assert seen == ["Ada", False]
        assert used.replies[0].ephemeral
        assert not fake.messages(tavern)
        typed = fake.complete(tavern, ada, "profile switch", "name", "lo")
        await fake.wait_for_answer(typed)
        assert typed.choices == [{"name": "lolo", "value": "lo"}]
    assert fake.application.syncs == 1


async def test_a_button_is_pressed_and_changes_its_message(fake: FakeDiscord, bot: Bot) -> None:
    tavern, ada = fake.add_channel(), fake.add_person()

    class Again(discord.ui.View):
        @discord.ui.button(label="Retry", custom_id="retry:1")
        async def again(self, interaction: discord.Interaction, _: Any) -> None:
            await interaction.response.edit_message(content="Trying again", view=None)

    fake.say(tavern, ada, "Hi")
    await (await bot.heard.get()).channel.send("It failed", view=Again())
    offered = await fake.wait_for_reply(tavern, "failed")
    await fake.wait_for_answer(fake.press(offered, "Retry", ada))
    assert (await fake.wait_for_reply(tavern, "Trying again")).buttons == []


async def test_a_webhook_speaks_under_its_own_name(fake: FakeDiscord, bot: Bot) -> None:
    tavern = fake.add_channel()
    fake.say(tavern, fake.add_person(), "Hi")
    channel = (await bot.heard.get()).channel
    assert isinstance(channel, discord.TextChannel)
    webhook = await channel.create_webhook(name="RoleForge")
    sent = await webhook.send("Good evening", username="Innkeeper", wait=True)
    await sent.edit(content="Good night")
    spoken = await fake.wait_for_reply(tavern, "Good night")
    assert spoken.author.name == "Innkeeper"
