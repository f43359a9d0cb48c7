"""What the doctor finds out over REST, at a Discord of our own."""

from collections.abc import AsyncGenerator

import pytest
from fakes.discord import FakeDiscord
from fakes.discord.faults import failing
from fakes.discord.world import ADMINISTRATOR, MEMBER, Channel

from bot.doctor.discord_side import check_discord
from roleplay.bindings import ChannelBinding, GuildSettings
from roleplay.checkup import Check

VIEW, SEND, HISTORY = 1 << 10, 1 << 11, 1 << 16
SEND_IN_THREADS = 1 << 38


@pytest.fixture
async def discord() -> AsyncGenerator[FakeDiscord]:
    async with FakeDiscord() as fake:
        with fake.here():
            yield fake


def bound(*channels: Channel, server: int = 0) -> list[ChannelBinding]:
    return [
        ChannelBinding(one.id, server or one.guild_id or 0, bound_by=1, bound_at=1.0)
        for one in channels
    ]


async def check(
    discord: FakeDiscord, *channels: Channel, guilds: list[GuildSettings] | None = None
) -> list[Check]:
    return await check_discord(discord.token, bound(*channels), guilds or [])


async def test_all_is_well_and_nothing_connects(discord: FakeDiscord) -> None:
    found = await check(discord, discord.add_channel("tavern"))
    assert [(one.name, one.outcome) for one in found] == [
        ("token", "ok"),
        ("intents", "ok"),
        ("logins", "ok"),
        ("channel", "ok"),
    ]
    assert "999 of 1000" in found[2].detail
    assert "#tavern in The Tavern" in found[3].detail
    assert not discord.gateway.identifies


async def test_a_refused_token_stops_there_and_is_not_shown(discord: FakeDiscord) -> None:
    found = await check_discord("canary-not-the-token", [], [])
    assert [one.outcome for one in found] == ["error", "skipped", "skipped", "skipped"]
    assert "Reset it" in found[0].hint
    assert not any("canary" in one.detail + one.hint for one in found)
    assert len(discord.calls) == 1


async def test_an_intent_that_is_off_says_where_to_switch_it_on(discord: FakeDiscord) -> None:
    discord.world.message_content_granted = False
    intents = (await check(discord))[1]
    assert intents.outcome == "error"
    assert "discord.com/developers" in intents.hint


async def test_what_each_bound_channel_lacks_is_named(discord: FakeDiscord) -> None:
    tavern, cellar = discord.add_channel("tavern"), discord.add_channel("cellar")
    cellar.denied = SEND | HISTORY
    well, lacking = (await check(discord, tavern, cellar))[3:]
    assert (well.outcome, lacking.outcome) == ("ok", "error")
    assert "#cellar" in lacking.detail
    assert "lacks: Send Messages, Read Message History." in lacking.detail
    assert "allow the bot's role: Send Messages, Read Message History" in lacking.hint


async def test_a_thread_has_its_parents_permissions(discord: FakeDiscord) -> None:
    tavern = discord.add_channel("tavern")
    tavern.denied = SEND_IN_THREADS
    found = (await check(discord, discord.add_thread(tavern, "scene")))[3]
    assert found.outcome == "error"
    assert "#scene" in found.detail
    assert "lacks: Send Messages in Threads." in found.detail


async def test_a_hidden_channel_lacks_only_what_hides_it(discord: FakeDiscord) -> None:
    tavern = discord.add_channel("tavern")
    tavern.denied = VIEW | SEND
    assert "lacks: View Channel." in (await check(discord, tavern))[3].detail


async def test_an_administrator_lacks_nothing(discord: FakeDiscord) -> None:
    discord.world.bot.permissions = MEMBER | ADMINISTRATOR
    tavern = discord.add_channel("tavern")
    tavern.denied = SEND
    assert (await check(discord, tavern))[3].outcome == "ok"


async def test_the_channel_of_outage_notices_is_looked_at_too(discord: FakeDiscord) -> None:
    alarms = discord.add_channel("alarms")
    alarms.denied = SEND
    guild = GuildSettings(discord.world.guild_id, outage_channel_id=alarms.id)
    found = (await check(discord, guilds=[guild]))[3]
    assert "#alarms in The Tavern (for outage notices) lacks: Send Messages." in found.detail


async def test_a_channel_that_is_gone_is_worth_a_look(discord: FakeDiscord) -> None:
    gone = Channel(discord.world.snowflake(), "gone", discord.world.guild_id)
    assert [one.outcome for one in await check(discord, gone)][3:] == ["warning"]


async def test_a_server_that_was_left_is_worth_a_look(discord: FakeDiscord) -> None:
    discord.faults.script("GET /guilds/{guild}", failing(404, code=10004))
    found = (await check(discord, discord.add_channel("tavern")))[3:]
    assert [one.outcome for one in found] == ["warning"]
    assert "Invite it again" in found[0].hint


async def test_few_logins_left_are_told(
    discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = {"total": 1000, "remaining": 3, "reset_after": 7_200_000, "max_concurrency": 1}
    monkeypatch.setattr(
        "discord.http.HTTPClient.get_bot_gateway", _answers((1, "wss://made.up", start))
    )
    logins = (await check(discord))[2]
    assert logins.outcome == "warning"
    assert "3 of 1000 logins are left, for 2 hours." in logins.detail


def _answers(value: object) -> object:
    async def answer(_: object) -> object:
        return value

    return answer
