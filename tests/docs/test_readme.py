"""The README names every command there is, and none that there is not."""

import re
from pathlib import Path

import discord
from fakes.tavern import tavern

from bot.cli import verbs

KIND = discord.AppCommandType.chat_input
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def named(heading: str) -> set[str]:
    """The first column of the table under it, what stands in backticks."""
    table = README.partition(heading)[2].partition("\n\n")[0]
    firsts = (line.split("|")[1] for line in table.splitlines() if line.count("|") > 2)
    return {word for first in firsts for word in re.findall(r"`([^`]+)`", first)}


async def test_every_slash_command_is_in_the_readme(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        commands = {f"/{command.name}" for command in at.app.client.tree.get_commands(type=KIND)}
    assert named("| In Discord") == commands


def test_every_verb_is_in_the_readme() -> None:
    told = {text.removeprefix("roleforge ").split()[0] for text in named("| In the terminal")}
    assert told == set(verbs()) - {"schema"}
