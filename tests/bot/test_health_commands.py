"""/status and /outages as a member and as an admin."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from fakes.status import status_reader
from fakes.watched import World, deny, texts, titles, world

from bot.checks import ManagersOnly
from bot.cogs.outages import OutageCommands
from bot.cogs.status import StatusCommand


@dataclass
class Scene:
    at: World
    outages: simcord.ChannelHandle
    tavern: simcord.ChannelHandle
    admin: simcord.MemberActor
    member: simcord.MemberActor

    async def says(
        self, who: simcord.MemberActor, command: str, **options: object
    ) -> simcord.ResponseMessage:
        result = await who.slash(self.tavern, command, **options)
        answer = result.followups[-1] if result.followups else result.response
        assert answer
        assert answer.ephemeral
        return answer

    async def status(self, who: simcord.MemberActor) -> str:
        """All that the panel says."""
        return "\n".join(texts((await self.says(who, "status")).components))

    async def outage_channel(self) -> int | None:
        assert self.outages.guild
        return (await self.at.bindings.guild(self.outages.guild.id)).outage_channel_id


@asynccontextmanager
async def scene(folder: Path) -> AsyncGenerator[Scene]:
    """Every member may see the commands, as a server's own settings can allow."""
    async with world(folder) as at:
        bot = at.bot
        await bot.add_cog(OutageCommands(at.bindings, at.board, at.telling))
        await bot.add_cog(StatusCommand(status_reader(at)))
        outages = await at.server()
        guild = outages.guild
        assert guild
        role = guild.create_role("admin", permissions=discord.Permissions(manage_guild=True))
        admin = guild.add_member(at.env.create_user("ada"), roles=[role])
        member = guild.add_member(at.env.create_user("bob"))
        for command in await bot.tree.sync():
            guild.set_command_permissions(command, {guild.default_role: True})
        yield Scene(at, outages, guild.channels["tavern"], admin, member)


async def test_a_member_sees_states_of_this_server_without_the_causes(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.at.goes_down()
        text = await play.status(play.member)
        assert "🔴 `main` is down" in text
        assert "⚪ `backup` was not checked yet" in text
        assert "other" not in text
        assert "refused" not in text
        assert "waiting" not in text
        assert "wrong-7b" not in text


async def test_an_admin_sees_every_profile_with_its_cause_and_hint(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.at.goes_down()
        text = await play.status(play.admin)
        assert "`refused`\nStart the server." in text
        assert "`other` was not checked yet" in text
        assert f"### Outage notices\nIn {play.outages.mention}." in text


async def test_an_admin_sees_the_queue_and_what_to_know(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        text = await play.status(play.admin)
        assert "2 being answered, 3 waiting in line.\n⚠️ wrong-7b answers instead of m." in text


async def test_an_admin_sees_why_notices_do_not_come(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.says(play.admin, "outages channel", channel=play.outages)
        play.at.env.inject_error("POST", "/channels/*/messages", status=403, times=None)
        await play.at.goes_down()
        assert "Discord refuses notices there" in await play.status(play.admin)


async def test_a_member_can_change_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        before = await play.outage_channel()
        for command in ("outages channel", "outages off", "outages test"):
            answer = await play.says(play.member, command)
            assert answer.content == "This needs the permission Manage Server."
        simcord.assert_error(play.at.env, ManagersOnly)
        assert await play.outage_channel() == before
        assert titles(play.outages) == []


async def test_an_admin_chooses_tries_and_switches_off(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        answer = await play.says(play.admin, "outages channel", channel=play.tavern)
        assert "⚠️" not in answer.content
        assert await play.outage_channel() == play.tavern.id
        await play.says(play.admin, "outages test")
        assert "Outage notices work here" in titles(play.tavern)
        await play.says(play.admin, "outages off")
        assert await play.outage_channel() is None
        answer = await play.says(play.admin, "outages test")
        assert "Choose a channel first" in answer.content


async def test_a_channel_where_the_bot_may_not_post_is_warned_of_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        assert play.outages.guild
        lacks = discord.Permissions(send_messages=True, embed_links=True)
        play.at.env.backend.set_overwrite(
            play.outages.id, deny(play.outages.guild.default_role.id, lacks)
        )
        await play.at.env.settle()
        answer = await play.says(play.admin, "outages channel", channel=play.outages)
        assert "⚠️" in answer.content
        assert "Send Messages, Embed Links" in answer.content
        answer = await play.says(play.admin, "outages test")
        assert "Send Messages, Embed Links" in answer.content


async def test_a_chosen_channel_is_told_of_an_outage_that_goes_on(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.says(play.admin, "outages off")
        await play.at.goes_down()
        await play.says(play.admin, "outages channel", channel=play.outages)
        await play.at.notices.reconcile()
        assert titles(play.outages) == ["`main` is down"]
