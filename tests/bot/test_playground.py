"""The playground as a newcomer starts it: a process, its page, the built-in model."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fakes.reader import reading

from bot.playground.scene import EMBEDDED, default_scene, own_scene
from roleplay.errors import ConfigError
from roleplay.profiles import ConnectionProfile

STARTED = "The playground is open: "


@asynccontextmanager
async def started(*options: str) -> AsyncGenerator[tuple[Process, str]]:
    """The process, a group of its own, and the address it printed ("" where it ended instead)."""
    command = (sys.executable, "-m", "bot", "playground", "--no-browser", *options)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    assert process.stdout
    try:
        line = (await process.stdout.readline()).decode().strip()
        yield process, line.removeprefix(STARTED)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def nobody_is_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


async def test_the_first_message_is_answered_and_ctrl_c_leaves_nothing_running() -> None:
    async with started() as (process, url):
        async with reading(url) as reader:
            await reader.say("Good evening, Rowan!")
            await reader.look_until(lambda page: len(page.messages) == 3)
            greeting, question, answer = reader.messages
            assert greeting[0] == "Rowan"
            assert question == ("Ada", "Good evening, Rowan!")
            assert answer[0] == "Rowan"
            assert answer[1]
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
        assert nobody_is_left(process.pid)


async def test_ctrl_c_before_the_answer_leaves_nothing_running_either() -> None:
    async with started() as (process, url):
        async with reading(url) as reader:
            await reader.say("Good evening, Rowan!")
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
        assert nobody_is_left(process.pid)


async def test_the_notice_board_is_where_outages_are_told() -> None:
    async with started() as (_process, url), reading(url) as reader:
        channels = await reader.listed_channels()
        assert list(channels) == [
            "the-hearth",
            "the-harbour",
            "back-room",
            "notice-board",
        ]
        await reader.post({"kind": "switch_channel", "channel_id": channels["notice-board"]})
        await reader.look()
        assert "Outage notices go to" in reader.messages[0][1]


async def test_two_characters_wait_in_the_harbour_with_all_that_belongs_to_them() -> None:
    async with started() as (_process, url), reading(url) as reader:
        channels = await reader.listed_channels()
        await reader.post({"kind": "switch_channel", "channel_id": channels["the-harbour"]})
        await reader.look_until(lambda page: [name for name, _ in page.messages] == ["Isolde"])
        assert "Wren" in reader.messages[0][1], "the owner's persona"
        pictures = {each["filename"] for each in reader.state["assets"].values()}
        assert "avatar.webp" in pictures
        await reader.say("Pip, what is for dinner?")
        await reader.look_until(lambda page: len(page.messages) > 2)
        assert reader.messages[2][0] == "Pip"


async def test_a_port_in_use_is_told_with_what_to_do() -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        async with started("--port", str(port)) as (process, url):
            _, said = await process.communicate()
    assert url == ""
    assert process.returncode == 69
    assert "--port" in said.decode()


def test_a_found_server_speaks_in_place_of_the_small_model() -> None:
    found = {"ollama": ConnectionProfile(name="ollama", model="mistral")}
    assert default_scene(found).default_profile == "ollama"
    assert EMBEDDED not in default_scene(found).profiles
    assert default_scene({}).profiles[EMBEDDED].type == "embedded"


def test_ones_own_profile_is_chosen_by_name_and_the_account_stays_out() -> None:
    config = default_scene({"a": ConnectionProfile(name="a"), "b": ConnectionProfile(name="b")})
    assert own_scene(config, None, "config.json").default_profile == "a"
    assert own_scene(config, "b", "config.json").default_profile == "b"
    assert own_scene(config, "b", "config.json").discord.token is None
    with pytest.raises(ConfigError, match="no profile c") as refused:
        own_scene(config, "c", "config.json")
    assert "a, b" in refused.value.hint


async def test_a_profile_of_ones_own_config_can_play(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(
        '{"profiles": {"small": {"type": "embedded"}}, "chat": {"character": {"name": "Edda"}}}'
    )
    async with started("--config", str(file)) as (_process, url), reading(url) as reader:
        assert reader.messages[0][0] == "Edda"
    assert not (tmp_path / "data").exists()
