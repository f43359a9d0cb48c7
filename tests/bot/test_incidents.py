"""/incidents, as a manager reads it and as a spreadsheet does."""

import csv
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import simcord
from fakes.watched import World, world

from bot.choices import ProfileNames
from bot.cogs.incidents import IncidentsCommand
from bot.incident_csv import COLUMNS, to_csv
from roleplay.health import Incident
from roleplay.profiles import ConnectionProfile

PROFILES = {"main": ConnectionProfile(name="main"), "backup": ConnectionProfile(name="backup")}
DAY = 86400


class Desk:
    """A manager in a server with a watched profile."""

    def __init__(self, at: World, channel: simcord.ChannelHandle, who: simcord.MemberActor) -> None:
        self.at = at
        self.channel = channel
        self.who = who

    async def asks(self, **options: object) -> simcord.ResponseMessage:
        result = await self.who.slash(self.channel, "incidents", **options)
        answer = result.followups[-1] if result.followups else result.response
        assert answer
        assert answer.ephemeral
        return answer

    async def reads(self, **options: object) -> str:
        answer = await self.asks(**options)
        return answer.embeds[0].description or "" if answer.embeds else answer.content


@asynccontextmanager
async def desk(folder: Path) -> AsyncGenerator[Desk]:
    async with world(folder) as at:
        names = ProfileNames(lambda: PROFILES)
        await at.bot.add_cog(IncidentsCommand(at.stores.health, names, at.clock))
        channel = await at.server()
        assert channel.guild
        role = channel.guild.create_role(
            "admin", permissions=discord.Permissions(manage_guild=True)
        )
        who = channel.guild.add_member(at.env.create_user("ada"), roles=[role])
        await at.bot.tree.sync()
        yield Desk(at, channel, who)


async def test_outages_are_listed_with_how_long_they_lasted(tmp_path: Path) -> None:
    async with desk(tmp_path) as play:
        await play.at.goes_down()
        assert "🔴 `main` since" in await play.reads(which="open")
        await play.at.comes_back()
        text = await play.reads()
        assert text.startswith("🟢 `main` <t:")
        assert "for 2 min · Nothing answers at its address." in text


async def test_a_filter_that_finds_nothing_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as play:
        await play.at.goes_down()
        assert await play.reads(which="closed") == "No outages in the last 30 days."
        assert await play.reads(profile="backup") == "No outages in the last 30 days."
        assert "Did you mean “backup”?" in await play.reads(profile="bakcup")


async def test_an_outage_counts_by_the_days_it_reaches_into(tmp_path: Path) -> None:
    async with desk(tmp_path) as play:
        await play.at.goes_down()
        play.at.clock.advance(3 * DAY)
        assert "🔴" in await play.reads(days=1)
        await play.at.comes_back()
        play.at.clock.advance(2 * DAY)
        assert await play.reads(days=1) == "No outages in the last day."
        assert "🟢" in await play.reads(days=3)


async def test_a_table_holds_them_all(tmp_path: Path) -> None:
    async with desk(tmp_path) as play:
        await play.at.goes_down()
        answer = await play.asks(table=True)
        assert [file.filename for file in answer.attachments] == ["incidents.csv"]


def test_a_server_cannot_write_a_formula_into_a_spreadsheet() -> None:
    bad = Incident(1, "main", 0.0, "timeout", "=HYPERLINK(1) sk-abcdefghijklmnopqrstuvwx", "", 90.0)
    table = list(csv.reader(io.StringIO(to_csv([bad], 100.0).decode("utf-8-sig"))))
    assert table[0] == list(COLUMNS)
    row = dict(zip(table[0], table[1], strict=True))
    assert row["detail"].startswith("'=HYPERLINK(1)")
    assert "sk-abc" not in row["detail"]
    assert row["minutes"] == "1.5"
    assert row["closed"] == "1970-01-01T00:01:30+00:00"
