import asyncio
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord
from fakes.watched import deny, titles, world

from roleplay.bindings import GuildSettings
from roleplay.chat import Attempt


def edits(env: simcord.Env) -> int:
    return sum(request.method == "PATCH" for request in env.http_requests)


async def test_an_outage_is_told_once_and_its_end_by_an_edit(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await at.goes_down()
        await at.minutes("down", "down", "down")
        assert titles(channel) == ["`main` is down"]
        posted = channel.history()[0].id
        await at.comes_back()
        assert titles(channel) == ["`main` is back"]
        assert channel.history()[0].id == posted
        assert edits(at.env) == 1


async def test_a_notice_pings_nobody(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        await at.server()
        await at.goes_down()
        await at.comes_back()
        sent = [cast("Any", r.json) for r in at.env.http_requests if "/messages" in r.path]
        assert [body["allowed_mentions"]["parse"] for body in sent] == [[], []]


async def test_a_restart_repeats_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await at.goes_down()
        for _ in range(3):
            at.restart()
            await at.monitor.load(["main"])
            await at.minutes("down")
        assert titles(channel) == ["`main` is down"]
        assert edits(at.env) == 0


async def test_an_end_while_the_bot_was_off_is_told_at_start(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await at.goes_down()
        await at.monitor.sweep(["main"])
        await at.monitor.observe(Attempt("main", "answered", 1.0))
        at.clock.advance(30)
        await at.monitor.observe(Attempt("main", "answered", 1.0))
        at.restart()
        await at.notices.reconcile()
        assert titles(channel) == ["`main` is back"]


async def test_a_channel_that_is_chosen_later_is_told_then(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        assert channel.guild
        await at.choose(channel.guild.id, None)
        await at.goes_down()
        assert titles(channel) == []
        await at.choose(channel.guild.id, channel.id)
        await at.notices.reconcile()
        assert titles(channel) == ["`main` is down"]


async def test_a_missing_permission_is_told_and_costs_discord_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        assert channel.guild
        everyone = channel.guild.default_role
        at.env.backend.set_overwrite(
            channel.id, deny(everyone.id, discord.Permissions(embed_links=True))
        )
        await at.env.settle()
        await at.goes_down()
        await at.minutes("down", "down")
        assert titles(channel) == []
        assert "Embed Links" in at.notices.refusal(channel.guild.id)
        assert len([r for r in caplog.records if "No outage notice" in r.message]) == 1
        assert not [r for r in at.env.http_requests if "/messages" in r.path]
        at.env.backend.delete_overwrite(channel.id, everyone.id)
        await at.env.settle()
        await at.minutes("down")
        assert titles(channel) == ["`main` is down"]
        assert at.notices.refusal(channel.guild.id) == ""


async def test_a_notice_that_discord_refused_comes_later(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        at.env.inject_error(
            "POST",
            "/channels/*/messages",
            status=403,
            code=50013,
            message="Missing Permissions",
            times=None,
        )
        await at.goes_down()
        for _ in range(9):
            await at.minutes("down")
        refused = len([r for r in at.env.http_requests if "/messages" in r.path])
        assert refused == 1
        assert channel.guild
        assert "Missing Permissions" in at.notices.refusal(channel.guild.id)
        at.env.backend.faults.clear()
        await at.minutes("down", "down")
        assert titles(channel) == ["`main` is down"]


async def test_a_stumbling_discord_is_asked_again_at_the_next_look(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        at.env.inject_error("POST", "/channels/*/messages", status=503, times=1)
        await at.goes_down()
        assert titles(channel) == []
        await at.minutes("down")
        assert titles(channel) == ["`main` is down"]
        at.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=1)
        await at.comes_back()
        assert titles(channel) == ["`main` is down"]
        await at.minutes("up")
        assert titles(channel) == ["`main` is back"]


async def test_each_server_that_uses_the_profile_gets_its_own_notice(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        first, second = await at.server(), await at.server()
        assert second.guild
        elsewhere = await at.server("other")
        assert elsewhere.guild
        await at.bindings.save_guild(
            GuildSettings(elsewhere.guild.id, "other", outage_channel_id=elsewhere.id)
        )
        await at.goes_down()
        assert titles(first) == titles(second) == ["`main` is down"]
        assert titles(elsewhere) == []


async def test_one_server_that_refuses_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        first, second = await at.server(), await at.server()
        at.env.inject_error("POST", f"/channels/{first.id}/messages", status=403, times=None)
        await at.goes_down()
        assert titles(second) == ["`main` is down"]


async def test_a_new_cause_is_edited_in_and_not_more_than_once_a_minute(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await at.goes_down()
        for code in ("bad_key", "no_model", "timeout", "bad_key") * 3:
            at.clock.advance(20)
            await at.monitor.observe(Attempt("main", code, 1.0))
            await at.notices.reconcile()
        assert 3 <= edits(at.env) <= 5
        at.clock.advance(60)
        await at.notices.reconcile()
        description = channel.history()[0].embeds[0].description
        assert "It does not accept the API key." in (description or "")


async def test_a_deleted_notice_is_posted_anew_once(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        await at.goes_down()
        for code in ("bad_key", "no_model", "bad_key"):
            for message in channel.history():
                at.env.backend.delete_message(channel.id, message.id)
            at.clock.advance(90)
            await at.monitor.observe(Attempt("main", code, 1.0))
            await at.notices.reconcile()
        posts = [r for r in at.env.http_requests if r.method == "POST" and "/messages" in r.path]
        assert len(posts) == 2
        await at.comes_back()
        assert titles(channel) == []
        assert await at.store.untold() == []


async def test_the_end_is_told_in_the_new_channel_when_the_old_one_was_deleted(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        assert channel.guild
        await at.goes_down()
        at.env.backend.delete_channel(channel.id)
        new = channel.guild.create_text_channel("outages-2")
        await at.env.settle()
        await at.choose(channel.guild.id, new.id)
        await at.comes_back()
        assert titles(new) == ["`main` is back"]


async def test_a_profile_that_flaps_fills_no_channel(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        for _ in range(12):
            await at.goes_down()
            await at.comes_back()
        assert titles(channel) == ["`main` is back", "`main` is down"]


async def test_an_unsent_end_does_not_overwrite_the_next_outage_in_the_same_message(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        for _ in range(2):
            await at.goes_down()
            await at.comes_back()
        await at.goes_down()
        at.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=4)
        await at.comes_back()
        await at.goes_down()
        assert titles(channel) == ["`main` is back", "`main` is down"]
        await at.minutes("down")
        assert titles(channel)[-1] == "`main` is down"


async def test_the_monitor_wakes_the_one_who_looks_after_notices(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        channel = await at.server()
        look = asyncio.create_task(at.notices.run())
        async with asyncio.timeout(10):
            for _ in range(3):
                at.prober.scripts["main"][0] = "down"
                await at.monitor.sweep(["main"])
            await at.taken.wait()
        look.cancel()
        await asyncio.wait([look])
        assert titles(channel) == ["`main` is down"]
