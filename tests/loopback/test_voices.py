"""Characters speak through webhooks: once, in threads too, and somehow where none can be had."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from fakes.clock import VirtualClock
from fakes.discord import FakeDiscord
from fakes.discord.faults import EXECUTE, SEND, failing, reset, too_many
from fakes.discord.world import Channel, Message
from fakes.logs import everything_logged
from fakes.stream import LiveStream

from bot.delivery import Delivery
from bot.errors import ChannelGone, MessageGone
from bot.pacer import Pacer
from bot.pacing import Rules
from bot.replies import ReplyWriter
from bot.sending import Sender
from bot.turn_buttons import buttons
from bot.voices.hooks import REFUSED_SECONDS, Hooks
from bot.voices.speech import WebhookSpeech
from roleplay.conversation import Spoken
from roleplay.voices import Voice
from storage.open import Stores, open_stores

CHANGE = "PATCH /webhooks/{webhook}/{token}/messages/{message}"
CREATE = "POST /channels/{channel}/webhooks"
LIST = "GET /channels/{channel}/webhooks"

MIRA = Voice("Mira", "https://example.org/mira.png")
BRAM = Voice("Bram")


class Stage:
    """A fake Discord, and all that speaks in it, over one database."""

    def __init__(
        self, fake: FakeDiscord, client: discord.Client, pacer: Pacer, stores: Stores
    ) -> None:
        self.fake = fake
        self.stores = stores
        self.clock = VirtualClock()
        self._client = client
        self._pacer = pacer
        self.restart()

    def restart(self) -> None:
        """A new process: only what is stored remains."""
        delivery = Delivery(self._client, self._pacer, self.clock)
        self.hooks = Hooks(self._client, delivery, self.stores.voices, self.clock)
        speech = WebhookSpeech(self._client, delivery, self.hooks, self.stores.voices)
        self.sender = Sender(self._client, self._pacer, self.clock, speech)

    def write(self, channel: Channel, stream: LiveStream, voice: Voice) -> asyncio.Task[Spoken]:
        async def posted(message_id: int) -> None:
            del message_id

        writer = ReplyWriter(
            self.sender, channel.id, posted=posted, edit_interval=0.005, voice=voice
        )
        return asyncio.create_task(writer.write(stream.events()))

    def said(self, channel: Channel) -> list[tuple[str, str]]:
        return [(message.author.name, message.content) for message in self.fake.replies(channel)]

    def delete_webhook(self, message: Message) -> None:
        del self.fake.webhooks.webhooks[message.webhook_id or 0]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
    brisk = Pacer(Rules(rate=10_000, edit_spacing=0.0))
    async with FakeDiscord() as fake, open_stores(tmp_path) as stores, brisk as pacer:
        with fake.here():
            async with client:
                await client.login(fake.token)
                yield Stage(fake, client, pacer, stores)


async def test_characters_share_one_webhook_and_each_has_its_own_name(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    await stage.sender.post(tavern.id, "Welcome.", voice=MIRA)
    await stage.sender.post(tavern.id, "Hm.", voice=BRAM)
    assert stage.said(tavern) == [("Mira", "Welcome."), ("Bram", "Hm.")]
    assert len(stage.fake.webhooks.webhooks) == 1
    assert stage.fake.replies(tavern)[0].raw["avatar_url"] == MIRA.avatar


async def test_a_webhook_is_found_again_after_a_restart_and_by_a_new_database(
    stage: Stage,
) -> None:
    tavern = stage.fake.add_channel()
    await stage.sender.post(tavern.id, "One.", voice=MIRA)
    stage.restart()
    await stage.hooks.load()
    await stage.sender.post(tavern.id, "Two.", voice=MIRA)
    assert len(stage.fake.called(LIST)) == 1
    stage.restart()
    await stage.sender.post(tavern.id, "Three.", voice=MIRA)
    assert len(stage.fake.webhooks.webhooks) == 1


@pytest.mark.parametrize(
    "fault",
    [
        failing(502),
        failing(502, stored=True),
        failing(503, stored=True),
        reset(),
        reset(stored=True),
        too_many(40),
    ],
)
async def test_a_passing_fault_costs_no_text_and_doubles_none(stage: Stage, fault: Any) -> None:
    tavern = stage.fake.add_channel()
    await stage.sender.post(tavern.id, "Hello!", voice=MIRA)
    stage.fake.faults.script(EXECUTE, fault)
    posted = await stage.sender.post(tavern.id, "Hello!", voice=MIRA)
    assert stage.said(tavern) == [("Mira", "Hello!")] * 2
    assert stage.fake.replies(tavern)[-1].id == posted.id
    assert stage.fake.faults.left == 0


async def test_a_deleted_webhook_is_made_anew_and_never_used_again(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    await stage.sender.post(tavern.id, "One.", voice=MIRA)
    first = stage.fake.replies(tavern)[0]
    stage.delete_webhook(first)
    for text in ("Two.", "Three."):
        await stage.sender.post(tavern.id, text, voice=MIRA)
    assert [text for _, text in stage.said(tavern)] == ["One.", "Two.", "Three."]
    used = [call.id("webhook") for call in stage.fake.called(EXECUTE)]
    assert used.count(first.webhook_id or 0) == 2
    assert len(set(used)) == 2


async def test_a_webhook_that_is_lost_at_once_leaves_the_word_to_the_bot(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(EXECUTE, *[failing(404, code=10015)] * 2)
    await stage.sender.post(tavern.id, "Welcome.", voice=MIRA)
    assert stage.said(tavern) == [("RoleForge", "**Mira**\nWelcome.")]


@pytest.mark.parametrize(
    ("route", "fault", "why"),
    [
        (LIST, failing(403, code=50013), "Manage Webhooks"),
        (CREATE, failing(400, code=30007), "15 webhooks"),
    ],
)
async def test_without_a_webhook_the_bot_names_the_character_and_asks_no_more(
    stage: Stage, route: str, fault: Any, why: str
) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(route, fault)
    for text in ("Welcome.", "Sit down."):
        await stage.sender.post(tavern.id, text, voice=MIRA)
    assert stage.said(tavern) == [
        ("RoleForge", "**Mira**\nWelcome."),
        ("RoleForge", "**Mira**\nSit down."),
    ]
    assert why in stage.hooks.trouble(tavern.id)
    stage.clock.advance(REFUSED_SECONDS + 1)
    await stage.sender.post(tavern.id, "At last.", voice=MIRA)
    assert stage.said(tavern)[-1] == ("Mira", "At last.")


async def test_a_bot_of_the_same_name_needs_no_heading(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(LIST, failing(403, code=50013))
    await stage.sender.post(tavern.id, "Beep.", voice=Voice("roleforge"))
    assert stage.said(tavern) == [("RoleForge", "Beep.")]


async def test_edits_and_deletions_find_the_way_by_which_it_was_said(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    ours = await stage.sender.post(tavern.id, "By webhook.", voice=MIRA)
    plain = await stage.sender.post(tavern.id, "By the bot.")
    stage.restart()
    await stage.hooks.load()
    await stage.sender.edit(tavern.id, ours.id, "Changed.", view=buttons(7))
    await stage.sender.edit(tavern.id, plain.id, "Changed too.")
    assert stage.said(tavern) == [("Mira", "Changed."), ("RoleForge", "Changed too.")]
    assert stage.fake.replies(tavern)[0].buttons[0]["custom_id"] == "retry:7"
    await stage.sender.delete(tavern.id, ours.id)
    await stage.sender.delete(tavern.id, plain.id)
    assert stage.said(tavern) == []
    with pytest.raises(MessageGone):
        await stage.sender.edit(tavern.id, ours.id, "Too late.")


async def test_buttons_can_come_with_the_first_text(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    await stage.sender.post(tavern.id, "Choose.", voice=MIRA, view=buttons(7))
    assert stage.fake.called(EXECUTE)[0].query["with_components"] == "true"
    assert len(stage.fake.replies(tavern)[0].buttons) == 2


async def test_a_heading_stays_through_edits_and_restarts(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(LIST, failing(403, code=50013))
    posted = await stage.sender.post(tavern.id, "Welcome.", voice=MIRA)
    assert posted.text == "Welcome."
    stage.restart()
    await stage.sender.edit(tavern.id, posted.id, "Go away.")
    assert stage.said(tavern) == [("RoleForge", "**Mira**\nGo away.")]


async def test_a_thread_is_spoken_to_through_its_parents_webhook(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    thread = stage.fake.add_thread(tavern)
    stream = LiveStream("She")
    task = stage.write(thread, stream, MIRA)
    await stage.fake.wait_for_reply(thread, "She")
    stream.say(" nods.")
    stream.end()
    await task
    await stage.sender.post(tavern.id, "Outside.", voice=BRAM)
    assert stage.said(thread) == [("Mira", "She nods.")]
    assert stage.said(tavern) == [("Bram", "Outside.")]
    [webhook] = stage.fake.webhooks.webhooks.values()
    assert webhook.channel_id == tavern.id


async def test_a_long_reply_of_a_character_is_split_and_named_in_every_part(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stream = LiveStream("word " * 1000)
    stream.end()
    spoken = await stage.write(tavern, stream, MIRA)
    assert [name for name, _ in stage.said(tavern)] == ["Mira"] * 3
    assert "".join(part.text for part in spoken.parts) == "word " * 1000


async def test_a_long_reply_without_a_webhook_keeps_its_heading(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(LIST, failing(403, code=50013))
    stream = LiveStream("word " * 1000)
    stream.end()
    await stage.write(tavern, stream, Voice("M" * 80))
    assert stage.said(tavern)[0][1].startswith(f"**{'M' * 80}**\nword")
    assert all(len(text) <= 2000 for _, text in stage.said(tavern))


async def test_a_reply_whose_webhook_goes_while_it_grows_is_finished_by_a_new_one(
    stage: Stage,
) -> None:
    tavern = stage.fake.add_channel()
    stream = LiveStream("She")
    task = stage.write(tavern, stream, MIRA)
    stage.delete_webhook(await stage.fake.wait_for_reply(tavern, "She"))
    stream.say(" nods.")
    stream.end()
    spoken = await task
    last = stage.fake.replies(tavern)[-1]
    assert (last.author.name, last.content) == ("Mira", "She nods.")
    assert [part.discord_id for part in spoken.parts] == [last.id]


async def test_whatever_is_said_or_changed_by_webhook_pings_nobody(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    posted = await stage.sender.post(tavern.id, "@everyone", voice=Voice("@everyone"))
    await stage.sender.edit(tavern.id, posted.id, "<@1>")
    calls = [*stage.fake.called(EXECUTE), *stage.fake.called(CHANGE)]
    assert [call.body["allowed_mentions"] for call in calls] == [{"parse": []}] * 2
    assert "@" not in calls[0].body["username"]


async def test_a_fallback_carries_a_nonce_as_all_the_bot_says(stage: Stage) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(LIST, failing(403, code=50013))
    stage.fake.faults.script(SEND, failing(503, stored=True))
    await stage.sender.post(tavern.id, "Welcome.", voice=MIRA)
    assert stage.said(tavern) == [("RoleForge", "**Mira**\nWelcome.")]


async def test_where_the_channel_goes_while_it_speaks_the_model_is_not_kept_working(
    stage: Stage,
) -> None:
    tavern = stage.fake.add_channel()
    stream = LiveStream("She")
    task = stage.write(tavern, stream, MIRA)
    first = await stage.fake.wait_for_reply(tavern, "She")
    stage.delete_webhook(first)
    del stage.fake.world.channels[tavern.id]
    stream.say(" nods")
    with pytest.raises(ChannelGone):
        await task
    assert stream.closed.is_set()


async def test_no_log_holds_a_webhooks_token_or_what_was_said(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    tavern = stage.fake.add_channel()
    stage.fake.faults.script(EXECUTE, failing(502), reset(stored=True))
    with everything_logged():
        posted = await stage.sender.post(tavern.id, "My secret.", voice=MIRA)
        await stage.sender.edit(tavern.id, posted.id, "Bye!")
        await stage.sender.delete(tavern.id, posted.id)
    [webhook] = stage.fake.webhooks.webhooks.values()
    logged = capsys.readouterr().err
    assert "Discord failed" in logged
    assert webhook.token not in logged
    assert "My secret." not in logged
