"""A panel that stands in a channel, is kept true, and is edited no more than it needs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simcord
from fakes.status import status_reader
from fakes.watched import World, texts, world

from bot.errors import NotAllowed
from bot.live_panels import CALM, LivePanels


class Wall:
    """A channel with a live panel in it."""

    def __init__(self, at: World, channel: simcord.ChannelHandle) -> None:
        self.at = at
        self.channel = channel
        assert channel.guild
        self.guild_id = channel.guild.id
        self.restart()

    def restart(self) -> None:
        at = self.at
        self.panels = LivePanels(at.bot, at.stores.panels, status_reader(at), at.paced, at.clock)

    def words(self) -> list[str]:
        """What each panel here says; the line that somebody pinned something says nothing."""
        said = (
            [part.to_dict() for part in message.components] for message in self.channel.history()
        )
        return list(filter(None, ("\n".join(texts(parts)) for parts in said)))


@asynccontextmanager
async def a_wall(folder: Path) -> AsyncGenerator[Wall]:
    async with world(folder) as at:
        guild = (await at.server()).guild
        assert guild
        yield Wall(at, guild.create_text_channel("status"))


async def test_a_panel_tells_of_an_outage_without_being_asked(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        await wall.panels.place(wall.guild_id, wall.channel.id)
        await wall.at.goes_down()
        await wall.panels.refresh()
        assert "🔴 `main` is down" in wall.words()[0]
        assert "refused" not in wall.words()[0]


async def test_new_figures_wait_and_a_new_state_does_not(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        await wall.at.minutes("up")
        await wall.panels.place(wall.guild_id, wall.channel.id)
        before = wall.words()
        await wall.at.minutes("down")
        await wall.panels.refresh()
        assert wall.words() == before
        wall.at.clock.advance(CALM)
        await wall.panels.refresh()
        assert "up 1h 50 %" in wall.words()[0]


async def test_a_panel_that_is_placed_anew_leaves_its_old_place(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        assert wall.channel.guild
        other = wall.channel.guild.create_text_channel("elsewhere")
        await wall.panels.place(wall.guild_id, wall.channel.id)
        await wall.panels.place(wall.guild_id, other.id)
        assert wall.words() == []
        assert len(other.history()) >= 1


async def test_a_panel_is_kept_true_after_a_restart(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        await wall.panels.place(wall.guild_id, wall.channel.id)
        wall.restart()
        await wall.at.goes_down()
        await wall.panels.refresh()
        assert "🔴 `main` is down" in wall.words()[0]


async def test_a_panel_that_somebody_deletes_is_not_posted_again(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        await wall.panels.place(wall.guild_id, wall.channel.id)
        wall.at.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
        await wall.at.goes_down()
        await wall.panels.refresh()
        assert await wall.at.stores.panels.all() == []
        assert await wall.panels.remove(wall.guild_id) is False


async def test_a_channel_that_takes_no_panel_says_so(tmp_path: Path) -> None:
    async with a_wall(tmp_path) as wall:
        wall.at.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
        with pytest.raises(NotAllowed):
            await wall.panels.place(wall.guild_id, wall.channel.id)
        assert await wall.at.stores.panels.all() == []
