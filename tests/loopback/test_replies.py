"""What people see of a reply while it is written, and what stays of it."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
from fakes.clock import VirtualClock
from fakes.discord import FakeDiscord
from fakes.discord.faults import EDIT, SEND, failing, held
from fakes.discord.limits import Limits
from fakes.discord.world import Channel, Message
from fakes.stream import LiveStream

from bot.errors import ChannelGone, MessageGone, NotAllowed
from bot.pacer import Pacer
from bot.pacing import Rules
from bot.replies import ReplyWriter
from bot.sending import Sender
from roleplay.chat import Attempt, Delta
from roleplay.conversation import Spoken
from roleplay.errors import BackendError, EmptyReply, StreamBroken, Unreachable
from roleplay.transcript import Part

BRISK = Rules(rate=10_000, edit_spacing=0.0)


class Tavern:
    """A channel of the fake Discord and writers that speak there."""

    def __init__(self, fake: FakeDiscord, sender: Sender, channel: Channel) -> None:
        self.fake = fake
        self.channel = channel
        self.posted: list[int] = []
        self._sender = sender

    def write(
        self,
        stream: LiveStream,
        existing: tuple[int, ...] = (),
        reply_to: int | None = None,
        begun: str = "",
    ) -> asyncio.Task[Spoken]:
        writer = ReplyWriter(
            self._sender,
            self.channel.id,
            posted=self._note,
            edit_interval=0.005,
            existing=existing,
            reply_to=reply_to,
            begun=begun,
        )
        return asyncio.create_task(writer.write(stream.events()))

    async def say(self, text: str) -> Spoken:
        stream = LiveStream(text)
        stream.end()
        return await self.write(stream)

    async def _note(self, message_id: int) -> None:
        self.posted.append(message_id)

    @property
    def replies(self) -> list[Message]:
        return self.fake.replies(self.channel)

    @property
    def texts(self) -> list[str]:
        return [message.content for message in self.replies]

    async def shows(self, text: str) -> Message:
        return await self.fake.wait_for_reply(self.channel, text)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        with server.here():
            yield server


@pytest.fixture
async def sender(fake: FakeDiscord) -> AsyncIterator[Sender]:
    client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
    async with Pacer(BRISK) as pacer, client:
        await client.login(fake.token)
        yield Sender(client, pacer, VirtualClock())


@pytest.fixture
def tavern(fake: FakeDiscord, sender: Sender) -> Tavern:
    return Tavern(fake, sender, fake.add_channel())


async def test_the_answer_grows_in_one_message(tavern: Tavern) -> None:
    stream = LiveStream(" \n")
    task = tavern.write(stream)
    stream.say("She")
    first = await tavern.shows("She")
    stream.say(" nods")
    await tavern.shows("She nods")
    stream.say(".")
    stream.end()
    spoken = await task
    assert tavern.posted == [first.id]
    assert [version.content for version in first.versions] == ["She", "She nods", "She nods."]
    assert [(part.discord_id, part.text) for part in spoken.parts] == [(first.id, " \nShe nods.")]
    assert (spoken.reply.text, spoken.reply.finish_reason) == (" \nShe nods.", "stop")


async def test_typing_shows_until_the_first_text(tavern: Tavern) -> None:
    stream = LiveStream()
    task = tavern.write(stream)
    await tavern.fake.until(lambda: tavern.fake.world.typing)
    stream.say("Hello.")
    stream.end()
    await task
    assert len(tavern.fake.world.typing) == 1


async def test_a_reply_that_came_whole_takes_one_call(tavern: Tavern) -> None:
    await tavern.say("All at once.")
    assert len(tavern.fake.called(SEND)) == 1
    assert tavern.fake.called(EDIT) == []


async def test_everything_the_server_told_is_in_the_reply(tavern: Tavern) -> None:
    stream = LiveStream("Yes.")
    stream.send(Delta(text="No.", choice=1))
    stream.send(Delta(reasoning="Hm.", model="m"))
    stream.send(Attempt("main", "answered", 0.1))
    stream.send(Delta(finish_reason="length"))
    stream.end()
    reply = (await tavern.write(stream)).reply
    assert (reply.text, reply.reasoning, reply.model, reply.served_by) == (
        "Yes.",
        "Hm.",
        "m",
        "main",
    )
    assert [attempt.profile for attempt in reply.attempts] == ["main"]


async def test_a_long_reply_becomes_several_messages_and_the_first_stay(tavern: Tavern) -> None:
    paragraphs = [f"{number} " + "word " * 150 for number in range(12)]
    stream = LiveStream()
    task = tavern.write(stream)
    for paragraph in paragraphs:
        stream.say(f"{paragraph}\n\n")
        await tavern.shows(paragraph.split()[0] + " word")
    stream.end()
    spoken = await task
    assert len(tavern.replies) == len(spoken.parts) > 3
    assert [part.discord_id for part in spoken.parts] == tavern.posted
    assert all(len(text) <= 2000 for text in tavern.texts)
    assert "".join(part.text for part in spoken.parts) == spoken.reply.text
    assert " ".join(tavern.texts).split() == spoken.reply.text.split()


async def test_a_stream_that_breaks_keeps_its_text_and_is_marked(tavern: Tavern) -> None:
    stream = LiveStream("*She walks")
    task = tavern.write(stream)
    await tavern.shows("*She walks*")
    stream.fail(StreamBroken("the connection was closed"))
    spoken = await task
    assert tavern.texts == ["*She walks*\n-# … cut off: the connection to the model broke."]
    assert [part.text for part in spoken.parts] == ["*She walks"]
    assert spoken.reply.finish_reason == "cut"


@pytest.mark.parametrize("error", [Unreachable("refused"), StreamBroken("early")])
async def test_without_any_text_the_error_goes_on_and_nothing_is_posted(
    tavern: Tavern, error: BackendError
) -> None:
    stream = LiveStream("\n")
    stream.fail(error)
    with pytest.raises(type(error)):
        await tavern.write(stream)
    assert tavern.replies == []


async def test_a_reply_of_nothing_but_space_is_an_error(tavern: Tavern) -> None:
    with pytest.raises(EmptyReply):
        await tavern.say(" \n ")
    assert tavern.replies == []


async def test_a_new_variant_is_written_into_the_old_messages(tavern: Tavern) -> None:
    old = await tavern.say("old " * 1000)
    ids = tuple(part.discord_id for part in old.parts)
    assert len(ids) == 3
    stream = LiveStream("New.")
    stream.end()
    new = await tavern.write(stream, existing=ids)
    assert [(message.id, message.content) for message in tavern.replies] == [(ids[0], "New.")]
    assert [part.discord_id for part in new.parts] == [ids[0]]


async def test_a_longer_variant_adds_messages(tavern: Tavern) -> None:
    old = await tavern.say("old")
    stream = LiveStream("new " * 1000)
    stream.end()
    new = await tavern.write(stream, existing=(old.parts[0].discord_id,))
    assert new.parts[0] == Part(old.parts[0].discord_id, new.parts[0].text)
    assert len(tavern.replies) == len(new.parts) == 3
    assert tavern.posted == [part.discord_id for part in new.parts]


async def test_an_old_message_that_was_deleted_is_made_anew(tavern: Tavern) -> None:
    old = await tavern.say("old")
    tavern.fake.delete(old.parts[0].discord_id)
    stream = LiveStream("New.")
    stream.end()
    new = await tavern.write(stream, existing=(old.parts[0].discord_id,))
    assert tavern.texts == ["New."]
    assert new.parts[0].discord_id == tavern.posted[-1] != old.parts[0].discord_id


async def test_a_failed_variant_leaves_the_old_reply_as_it_was(tavern: Tavern) -> None:
    old = await tavern.say("old")
    stream = LiveStream()
    stream.fail(Unreachable("refused"))
    with pytest.raises(Unreachable):
        await tavern.write(stream, existing=(old.parts[0].discord_id,))
    assert tavern.texts == ["old"]


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(404, 10003, ChannelGone), (403, 50013, NotAllowed)]
)
async def test_where_nothing_can_be_said_the_model_is_not_kept_working(
    tavern: Tavern, status: int, code: int, kind: type[Exception]
) -> None:
    stream = LiveStream("She")
    task = tavern.write(stream)
    await tavern.shows("She")
    tavern.fake.faults.script(EDIT, failing(status, code=code))
    stream.say(" nods")
    with pytest.raises(kind):
        await task
    assert stream.closed.is_set()


async def test_a_reply_that_somebody_deletes_while_it_grows_ends_there(tavern: Tavern) -> None:
    stream = LiveStream("She")
    task = tavern.write(stream)
    tavern.fake.delete((await tavern.shows("She")).id)
    stream.say(" nods")
    with pytest.raises(MessageGone):
        await task
    assert stream.closed.is_set()
    assert tavern.replies == []


async def test_cancelled_it_closes_the_stream_and_what_was_shown_stands(tavern: Tavern) -> None:
    stream = LiveStream("She")
    task = tavern.write(stream)
    await tavern.shows("She")
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert stream.closed.is_set()
    assert tavern.texts == ["She"]


async def test_while_the_first_text_waits_the_rest_joins_it(tavern: Tavern) -> None:
    gate = asyncio.Event()
    tavern.fake.faults.script(SEND, held(gate))
    before = asyncio.create_task(tavern.say("Before."))
    await tavern.fake.until(lambda: len(tavern.fake.called(SEND)) == 1)
    stream = LiveStream("One")
    task = tavern.write(stream)
    await stream.heard()
    stream.say(" two three.")
    stream.end()
    await stream.closed.wait()
    gate.set()
    await asyncio.gather(before, task)
    assert tavern.texts == ["Before.", "One two three."]
    assert len(tavern.fake.called(SEND)) == 2
    assert tavern.fake.called(EDIT) == []


async def test_links_of_a_model_unfold_no_previews_and_its_mentions_ping_nobody(
    tavern: Tavern,
) -> None:
    await tavern.say("@everyone see https://example.org")
    body = tavern.fake.called(SEND)[0].body
    assert body["allowed_mentions"] == {"parse": []}
    assert body["flags"] == discord.MessageFlags(suppress_embeds=True).value


async def test_it_speaks_in_threads_and_in_direct_messages(
    fake: FakeDiscord, sender: Sender
) -> None:
    for channel in (fake.add_thread(fake.add_channel()), fake.add_direct(fake.add_person())):
        place = Tavern(fake, sender, channel)
        said = fake.say(channel, fake.add_person(), "Hi")
        stream = LiveStream("Hello.")
        stream.end()
        await place.write(stream, reply_to=said)
        assert [(m.content, m.reply_to) for m in place.replies] == [("Hello.", said)]


async def test_under_load_with_limits_enforced_every_answer_arrives_whole() -> None:
    limits = Limits()
    async with FakeDiscord(limits=limits) as fake, Pacer() as pacer:
        with fake.here():
            client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
            async with client:
                await client.login(fake.token)
                sender = Sender(client, pacer, VirtualClock())
                taverns = [Tavern(fake, sender, fake.add_channel()) for _ in range(80)]
                streams = [LiveStream("She") for _ in taverns]
                tasks = [t.write(s) for t, s in zip(taverns, streams, strict=True)]
                await asyncio.gather(*(stream.heard() for stream in streams))
                for stream in streams:
                    stream.say(" nods.")
                    stream.end()
                await asyncio.gather(*tasks)
    assert [tavern.texts for tavern in taverns] == [["She nods."]] * 80
    assert limits.refused < 5


async def test_a_reply_is_gone_on_with_in_its_own_messages(tavern: Tavern) -> None:
    begun = "a" * 1200 + "\n\n" + "b" * 1200
    first = await tavern.say(begun)
    ids = tuple(part.discord_id for part in first.parts)
    stream = LiveStream(" and more.")
    stream.end()
    spoken = await tavern.write(stream, existing=ids, begun=begun)
    assert spoken.reply.text == f"{begun} and more."
    assert [part.discord_id for part in spoken.parts] == [*ids]
    assert tavern.replies[-1].content == "b" * 1200 + " and more."
    assert [len(message.versions) for message in tavern.replies] == [1, 2]


async def test_a_continuation_without_a_word_changes_nothing(tavern: Tavern) -> None:
    first = await tavern.say("Once.")
    stream = LiveStream(" ")
    stream.end()
    with pytest.raises(EmptyReply):
        await tavern.write(stream, existing=(first.parts[0].discord_id,), begun="Once.")
    assert [message.content for message in tavern.replies] == ["Once."]
