"""Messages reach Discord once, whatever happens on the way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from fakes.clock import VirtualClock
from fakes.discord import FakeDiscord
from fakes.discord.faults import EDIT, SEND, TYPING, banned, failing, reset, too_many

from bot.errors import (
    ChannelGone,
    DiscordDown,
    DiscordError,
    MessageGone,
    NotAllowed,
    Refused,
    ThreadLocked,
)
from bot.pacer import Pacer
from bot.pacing import Priority, Rules
from bot.sending import BAN_SECONDS, Sender


class NotedPacer(Pacer):
    """Notes how long it was told to hold instead of holding."""

    def __init__(self) -> None:
        super().__init__(Rules(rate=10_000, edit_spacing=0.0))
        self.held: list[float] = []

    def hold(self, seconds: float) -> None:
        self.held.append(seconds)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        with server.here():
            yield server


@pytest.fixture
async def client(fake: FakeDiscord) -> AsyncIterator[discord.Client]:
    intents = discord.Intents.none()
    async with discord.Client(intents=intents, max_ratelimit_timeout=30) as bot:
        await bot.login(fake.token)
        yield bot


@pytest.fixture
async def pacer() -> AsyncIterator[NotedPacer]:
    async with NotedPacer() as gate:
        yield gate


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def sender(client: discord.Client, pacer: Pacer, clock: VirtualClock) -> Sender:
    return Sender(client, pacer, clock)


@pytest.mark.parametrize(
    "fault",
    [
        failing(503),
        failing(503, stored=True),
        reset(),
        reset(stored=True),
        too_many(40),
        too_many(0.01, everywhere=True),
    ],
)
async def test_a_passing_fault_costs_no_text_and_doubles_none(
    fake: FakeDiscord, sender: Sender, fault: Any
) -> None:
    tavern = fake.add_channel()
    fake.faults.script(SEND, fault)
    posted = await sender.post(tavern.id, "Hello!")
    assert [(m.id, m.content) for m in fake.replies(tavern)] == [(posted.id, "Hello!")]
    nonces = {call.body["nonce"] for call in fake.called(SEND)}
    assert len(nonces) == 1
    assert fake.faults.left == 0


async def test_a_text_that_changed_meanwhile_is_sent_as_it_was_tried_first(
    fake: FakeDiscord, sender: Sender
) -> None:
    tavern = fake.add_channel()
    fake.faults.script(SEND, reset(stored=True))
    texts = iter(["one", "one two"])
    posted = await sender.post(tavern.id, lambda: next(texts))
    assert posted.text == "one"
    assert [message.content for message in fake.replies(tavern)] == ["one"]


async def test_it_waits_as_long_as_discord_says(
    fake: FakeDiscord, sender: Sender, clock: VirtualClock
) -> None:
    fake.faults.script(SEND, too_many(40))
    await sender.post(fake.add_channel().id, "Hello!")
    assert clock.slept == [40]


async def test_an_edit_is_tried_again_with_the_newest_text(
    fake: FakeDiscord, sender: Sender
) -> None:
    tavern = fake.add_channel()
    posted = await sender.post(tavern.id, "one")
    fake.faults.script(EDIT, failing(503), reset())
    texts = iter(["one two", "one two three", "all four words now"])
    shown = await sender.edit(tavern.id, posted.id, lambda: next(texts))
    assert shown == "all four words now"
    assert fake.replies(tavern)[0].content == shown


async def test_after_fifteen_seconds_of_failures_it_gives_up_and_says_so(
    fake: FakeDiscord, sender: Sender, clock: VirtualClock
) -> None:
    fake.faults.script(SEND, *[failing(503)] * 9)
    with pytest.raises(DiscordDown, match="15") as caught:
        await sender.post(fake.add_channel().id, "Hello!")
    assert caught.value.hint
    assert sum(clock.slept) <= 15


async def test_after_cloudflares_ban_nothing_is_sent_for_ten_minutes(
    fake: FakeDiscord, sender: Sender, pacer: NotedPacer
) -> None:
    tavern = fake.add_channel()
    fake.faults.script(SEND, banned())
    await sender.post(tavern.id, "Hello!")
    assert pacer.held == [BAN_SECONDS]
    assert [message.content for message in fake.replies(tavern)] == ["Hello!"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, 10003, ChannelGone),
        (404, 10008, MessageGone),
        (403, 50001, NotAllowed),
        (403, 50013, NotAllowed),
        (403, 50007, NotAllowed),
        (400, 160005, ThreadLocked),
        (400, 20016, Refused),
        (400, 30046, Refused),
        (400, 40004, Refused),
        (400, 200000, Refused),
        (400, 50035, Refused),
    ],
)
async def test_a_refusal_is_told_in_our_own_words_and_not_tried_again(
    fake: FakeDiscord, sender: Sender, status: int, code: int, kind: type[DiscordError]
) -> None:
    fake.faults.script(SEND, failing(status, code=code))
    with pytest.raises(kind) as caught:
        await sender.post(fake.add_channel().id, "Hello!")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code) == (status, code)
    assert caught.value.hint or kind in (ChannelGone, MessageGone) or code == 50035
    assert len(fake.called(SEND)) == 1


async def test_a_refused_offer_is_told_and_a_failed_one_forgotten(
    fake: FakeDiscord, sender: Sender
) -> None:
    tavern, told = fake.add_channel(), list[DiscordError]()
    fake.faults.script(TYPING, failing(403, code=50013))
    sender.offer_typing(tavern.id, failed=told.append)
    await fake.until(lambda: len(fake.called(TYPING)) == 1)
    await sender.post(tavern.id, "Hello!")
    fake.faults.script(TYPING, failing(503))
    sender.offer_typing(tavern.id, failed=told.append)
    await fake.until(lambda: len(fake.called(TYPING)) == 2)
    await sender.post(tavern.id, "Hello again!")
    assert [type(error) for error in told] == [NotAllowed]


async def test_nothing_can_ping_anyone(fake: FakeDiscord, sender: Sender) -> None:
    tavern, ada = fake.add_channel(), fake.add_person("Ada")
    said = fake.say(tavern, ada, "Hi")
    text = f"@everyone @here <@{ada.id}>"
    posted = await sender.post(tavern.id, text, reply_to=said)
    await sender.edit(tavern.id, posted.id, f"{text}!")
    bodies = [call.body for route in (SEND, EDIT) for call in fake.called(route)]
    assert [body["allowed_mentions"] for body in bodies] == [{"parse": []}] * 2


async def test_an_answer_to_a_deleted_message_still_comes(
    fake: FakeDiscord, sender: Sender
) -> None:
    tavern = fake.add_channel()
    said = fake.say(tavern, fake.add_person(), "Hi")
    fake.delete(said)
    await sender.post(tavern.id, "Hello!", reply_to=said)
    assert [message.content for message in fake.replies(tavern)] == ["Hello!"]


async def test_deleting_what_is_gone_is_as_good(fake: FakeDiscord, sender: Sender) -> None:
    tavern = fake.add_channel()
    posted = await sender.post(tavern.id, "Hello!")
    fake.delete(posted.id)
    await sender.delete(tavern.id, posted.id)
    assert fake.replies(tavern) == []


async def test_a_final_edit_drops_the_one_on_offer(
    fake: FakeDiscord, sender: Sender, pacer: Pacer
) -> None:
    tavern, shown = fake.add_channel(), list[str]()
    posted = await sender.post(tavern.id, "one")
    gate = asyncio.Event()
    before = asyncio.create_task(pacer.call(Priority.FINAL, tavern.id, gate.wait))
    await asyncio.sleep(0)
    sender.offer_edit(
        tavern.id, posted.id, lambda: "two", shown=shown.append, failed=lambda _: None
    )
    final = asyncio.create_task(sender.edit(tavern.id, posted.id, "three", priority=Priority.FINAL))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(before, final)
    versions = [version.content for version in fake.replies(tavern)[0].versions]
    assert (versions, shown) == (["one", "three"], [])
