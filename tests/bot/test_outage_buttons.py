"""The buttons under a notice, as a manager, a member and the owner press them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from fakes.watched import World, titles, world

from bot.cogs.outage_buttons import OutageButtons
from bot.profiles.moving import Moving


@dataclass
class Scene:
    at: World
    outages: simcord.ChannelHandle
    manager: simcord.MemberActor
    member: simcord.MemberActor
    owner: simcord.MemberActor

    async def press(self, who: simcord.MemberActor, label: str) -> simcord.ResponseMessage:
        result = await who.click(self.outages.history()[-1], label=label)
        answer = result.followups[-1] if result.followups else result.response
        assert answer
        assert answer.ephemeral
        return answer

    async def choose(
        self, who: simcord.MemberActor, asked: simcord.ResponseMessage, value: str
    ) -> simcord.ResponseMessage:
        result = await who.select(asked, [value])
        answer = result.followups[-1] if result.followups else result.response
        assert answer
        return answer

    async def notice(self) -> str:
        """All that the notice says, after a look."""
        self.at.clock.advance(60)
        await self.at.notices.reconcile()
        embed = self.outages.history()[-1].embeds[0]
        fields = [f"{field.name}: {field.value}" for field in embed.fields]
        return "\n".join([embed.title or "", embed.description or "", *fields])


def buttons_of(at: World) -> OutageButtons:
    return OutageButtons(
        at.store,
        at.monitor,
        at.plans,
        Moving(at.bindings, lambda: "main"),
        profiles=lambda: list(at.routes.chains),
        wake=at.notices.wake,
        clock=at.clock,
    )


@asynccontextmanager
async def scene(folder: Path) -> AsyncGenerator[Scene]:
    """`main` has gone down, and its notice stands."""
    async with world(folder) as at:
        outages = await at.server("main")
        guild = outages.guild
        assert guild
        role = guild.create_role("admin", permissions=discord.Permissions(manage_guild=True))
        manager = guild.add_member(at.env.create_user("ada"), roles=[role])
        member = guild.add_member(at.env.create_user("bob"))
        owner = guild.add_member(at.env.create_user("eve"))
        at.bot.owner_id = owner.id
        await at.bot.add_cog(buttons_of(at))
        await at.goes_down()
        yield Scene(at, outages, manager, member, owner)


async def test_a_member_can_press_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        for label in ("Acknowledge", "Mute 1 h", "Probe now", "Switch channels…", "Maintenance…"):
            answer = await play.press(play.member, label)
            assert answer.content == "This needs the permission Manage Server."
        assert "seen" not in await play.notice()


async def test_acknowledging_shows_who_and_ends_reminders(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        play.at.telling.health = play.at.health.model_copy(update={"reminder": 300.0})
        await play.press(play.manager, "Acknowledge")
        assert f"Taken care of: <@{play.manager.id}> has seen it." in await play.notice()
        for _ in range(60):
            await play.at.minutes("down")
        assert len(play.outages.history()) == 1


async def test_a_restart_keeps_the_buttons_and_who_pressed_them(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.press(play.manager, "Acknowledge")
        play.at.restart()
        await play.at.monitor.load(["main"])
        await play.at.bot.remove_cog("OutageButtons")
        await play.at.bot.add_cog(buttons_of(play.at))
        assert f"<@{play.manager.id}> has seen it." in await play.notice()
        assert "Muted until" in (await play.press(play.manager, "Mute 1 h")).content


async def test_a_muted_profile_that_flaps_posts_nothing_new(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.press(play.manager, "Mute 1 h")
        assert "Muted until <t:" in await play.notice()
        await play.at.comes_back()
        await play.at.goes_down()
        assert titles(play.outages) == ["`main` is down"]
        await play.at.comes_back()
        play.at.clock.advance(3600)
        await play.at.goes_down()
        assert titles(play.outages) == ["`main` is back", "`main` is down"]


async def test_a_probe_is_made_at_once_and_not_twice(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        play.at.prober.scripts["main"][0] = "up"
        play.at.prober.probed.clear()
        answer = await play.press(play.manager, "Probe now")
        assert answer.content == "🟡 `main`: this check succeeded."
        answer = await play.press(play.manager, "Probe now")
        assert "a moment ago" in answer.content
        play.at.clock.advance(10)
        answer = await play.press(play.manager, "Probe now")
        assert answer.content == "🟢 `main`: it is back."
        assert play.at.prober.probed == ["main", "main"]


async def test_channels_are_switched_and_switched_back(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        assert play.outages.guild
        tavern = play.outages.guild.channels["tavern"]
        asked = await play.press(play.manager, "Switch channels…")
        done = await play.choose(play.manager, asked, "other")
        binding = await play.at.bindings.channel(tavern.id)
        assert binding
        assert binding.profile == "other"
        assert "No channel speaks through it at the moment." in await play.notice()
        await play.manager.click(done, label="Undo")
        binding = await play.at.bindings.channel(tavern.id)
        assert binding
        assert binding.profile == "main"
        assert "`backup` answers instead." in await play.notice()


async def test_only_the_owner_plans_maintenance(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        answer = await play.press(play.manager, "Maintenance…")
        assert "Only the bot's owner" in answer.content
        asked = await play.press(play.owner, "Maintenance…")
        done = await play.choose(play.owner, asked, "3600")
        assert "Planned for `main` until" in done.content
        assert "🔧 Planned maintenance until" in await play.notice()
        await play.at.comes_back()
        assert titles(play.outages) == ["`main` is down"]
        play.at.clock.advance(3600)
        await play.at.comes_back()
        assert titles(play.outages) == ["`main` is back"]


async def test_a_notice_that_is_over_has_no_buttons_and_takes_none(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        before = play.outages.history()[-1]
        await play.at.comes_back()
        assert play.outages.history()[-1].components == []
        del before
