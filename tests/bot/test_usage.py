"""What replies cost, from the config's price to /usage and `roleforge usage`."""

import asyncio
import json
from pathlib import Path
from typing import Any

import simcord
from fakes.command_line import roleforge
from fakes.llm import delta, frames
from fakes.sqlite import look
from fakes.tavern import Tavern, tavern

from bot.usage_text import day, money, short
from roleplay.chat import Attempt, ChatReply, Delta, Usage
from roleplay.collect import Collector
from storage.open import FILE_NAME

PRICE = {"input": 1000, "output": 2000}


async def shown(at: Tavern, who: simcord.MemberActor, **options: Any) -> str:
    """Everything that the answer's embed says."""
    result = await who.slash(at.hearth, "usage", **options)
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None
    assert answer.ephemeral
    if not answer.embeds:
        return answer.content
    [embed] = answer.embeds
    fields = [f"{field.name}\n{field.value}" for field in embed.fields]
    return "\n".join([embed.title or "", embed.description or "", *fields])


async def test_a_manager_sees_what_this_server_took_and_cost(tmp_path: Path) -> None:
    async with tavern(tmp_path, main={"price": PRICE}) as at:
        for number in range(2):
            await at.ann.send(at.hearth, f"Hello {number}")
            await at.quiet()
        text = await shown(at, at.owner)
        assert "2 replies · 14 tokens in, 6 out · cost 0.0260" in text
        assert "`main` · 2 replies" in text
        assert f"<#{at.hearth.id}> · 2 replies" in text
        assert "~" not in text


async def test_each_reply_is_priced_by_itself_and_told_in_the_terminal(tmp_path: Path) -> None:
    database = tmp_path / "data" / FILE_NAME
    async with tavern(tmp_path, main={"price": PRICE}) as at:
        await at.ann.send(at.hearth, "Hello")
        await at.until(lambda: look(database, "SELECT cost FROM usage") == [(13_000_000,)])
        ended = await asyncio.to_thread(roleforge, "usage", "--json", cwd=tmp_path)
    told = json.loads(ended.out)
    assert ended.code == 0
    [main] = told["profile"]
    assert (main["key"], main["replies"], main["cost"]) == ("main", 1, 0.013)
    assert [one["key"] for one in told["channel"]] == [str(at.hearth.id)]
    assert len(told["day"]) == 1


async def test_a_server_that_does_not_count_is_estimated_and_marked(tmp_path: Path) -> None:
    pieces = [delta("Well met, traveller."), delta(finish="stop")]
    stream = [f"data: {json.dumps(piece)}\n\n".encode() for piece in pieces]
    async with tavern(tmp_path) as at:
        at.llm.next(frames(*stream, b"data: [DONE]\n\n"))
        await at.ann.send(at.hearth, "Hello")
        await at.quiet()
        text = await shown(at, at.owner)
    assert "1 reply · ~" in text
    assert "~0 out" not in text
    assert "the server did not count" in text
    assert "without a `price`" in text


async def test_a_player_sees_nothing_of_it_and_all_is_for_the_owner(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert await shown(at, at.owner, everywhere=True) == (
            "Only the bot's owner may see all servers."
        )
        commands = {command.name: command for command in at.app.client.tree.get_commands()}
        permissions = commands["usage"].default_permissions
        assert permissions is not None
        assert permissions.manage_guild


async def test_the_bots_owner_sees_all_servers(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.app.client.owners = {at.owner.id}
        await at.ann.send(at.hearth, "Hello")
        await at.quiet()
        text = await shown(at, at.owner, everywhere=True, days=7)
    assert "last 7 days, all servers" in text
    assert f"By server\n`{at.guild.id}` · 1 reply" in text


def test_an_estimate_gives_way_to_the_servers_own_count() -> None:
    assert heard(Delta(text="Well met.", usage=Usage(50, estimated=True))).usage == Usage(
        50, 3, estimated=True
    )
    own = Delta(usage=Usage(47, 4))
    assert heard(Delta(text="Well met.", usage=Usage(50, estimated=True)), own).usage == own.usage


def heard(*events: Delta | Attempt) -> ChatReply:
    collector = Collector()
    for event in events:
        collector.take(event)
    return collector.reply()


def test_amounts_read_well() -> None:
    assert [short(n) for n in (0, 999, 1000, 12345, 999_499, 999_500, 4_560_000)] == [
        *("0", "999", "1K", "12.3K", "999K", "1M", "4.56M"),
    ]
    assert [money(cost) for cost in (0, 0.00012, 0.5, 1234.5)] == [
        *("0.00", "0.0001", "0.5000", "1,234.50"),
    ]
    assert day(20780) == "2026-11-23"
