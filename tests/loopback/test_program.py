"""A process of its own is pointed at the fake Discord: shown with the benchmarks' reference bot."""

from pathlib import Path

from fakes.discord import FakeDiscord
from fakes.llm import ScriptedLlm
from fakes.program import ROOT, Program

BARE_BOT = str(ROOT / "benchmarks" / "bare_bot.py")


async def test_a_process_talks_to_the_fake_discord_and_can_be_ended(tmp_path: Path) -> None:
    async with FakeDiscord() as discord, ScriptedLlm() as llm:
        tavern, ada = discord.add_channel(), discord.add_person()
        llm.say("Well", " met")
        command = (BARE_BOT, discord.token, llm.url)
        async with Program(discord, tmp_path / "log", *command) as program:
            await discord.wait_ready()
            said = discord.say(tavern, ada, "Hello")
            await discord.wait_for_reply(tavern, "Well met", after=said)
            assert program.cpu_seconds > 0
            assert program.memory_mib > 1
            assert await program.terminate() != 0
            assert "Gateway" in program.output
