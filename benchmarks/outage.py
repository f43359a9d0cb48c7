"""An outage, played: a real llama.cpp server is killed and started again, and people write on.

Usage: `python benchmarks/outage.py [--interval 5] [--confirm 2] [--silent]`

RoleForge runs as a process of its own, against a Discord on a loopback socket. Each line is what
somebody saw, in seconds since the server was killed. With `--silent` nobody writes, so that the
probes alone notice. Needs the extra `embedded`.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fakes.discord import FakeDiscord
from fakes.discord.world import EVERYTHING, Channel, Json, Message, User
from fakes.llm import ScriptedLlm
from fakes.program import Program
from rig import scratch

from backends.embedded.child import Launch
from backends.embedded.models import model_file
from backends.embedded.process import Child

SPARE = ("The spare is here.", "The spare again.")
TIME = re.compile(r"<t:(\d+):\w>")
PATIENCE = 100.0
KEY = "made-up"
DOWN_SECONDS = 10.0
"""How long the server stays away once its outage was told."""


@dataclass
class Diary:
    """What was seen, with the second in which it was; 0 is the moment of the kill."""

    began: float = field(default_factory=time.monotonic)

    def write(self, text: str) -> None:
        print(f"{time.monotonic() - self.began:7.1f} s  {text}", flush=True)

    def kill(self, child: Child) -> None:
        os.kill(child.pid, signal.SIGKILL)
        self.began = time.monotonic()
        self.write("the server is killed (SIGKILL)")


@dataclass
class Play:
    discord: FakeDiscord
    tavern: Channel
    board: Channel
    ada: User
    diary: Diary

    async def ask(self, text: str) -> None:
        """Ada writes, and is answered."""
        at = time.monotonic()
        said = self.discord.say(self.tavern, self.ada, text)
        reply = await self.discord.wait_for_reply(self.tavern, after=said)
        await self.discord.until(lambda: len(reply.buttons) > 1, PATIENCE)  # whole
        who = "the fallback" if reply.content in SPARE else "the model"
        took = time.monotonic() - at
        self.diary.write(f"Ada writes; {who} has answered after {took:.1f} s: {reply.content!r}")

    async def told(self, words: str) -> None:
        """Until the newest notice says so."""

        def found() -> bool:
            return any(words in message.shown for message in self.discord.messages(self.board))

        await self.discord.until(found, PATIENCE)

    def listen(self, event: str, _: Json, message: Message | None) -> None:
        if message is None or message.channel_id != self.board.id or not message.author.bot:
            return
        what = {"MESSAGE_CREATE": "posted", "MESSAGE_UPDATE": "edited"}.get(event)
        if what and not message.ephemeral:
            self.diary.write(f"notice {what}:")
            print("\n".join(f"           | {line}" for line in self.lines_of(message)), flush=True)

    def lines_of(self, message: Message) -> list[str]:
        """As Discord would show it: times on the clock, channels by name."""
        text = TIME.sub(lambda found: time.strftime("%H:%M:%S", gmtime(found)), message.shown)
        text = text.replace(f"<#{self.tavern.id}>", "#tavern")
        return [line for line in text.splitlines() if line.strip()]


def gmtime(found: re.Match[str]) -> time.struct_time:
    return time.gmtime(int(found[1]))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interval", type=float, default=5)
    parser.add_argument("--confirm", type=float, default=2)
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    async with scratch() as folder, ScriptedLlm() as spare, FakeDiscord() as discord:
        launch = await a_launch()
        child = await Child.start(launch)
        launch["port"] = int(child.address.rpartition(":")[2])
        health = {"interval": options.interval, "confirm": options.confirm, "jitter": 0}
        configure(folder, discord, spare, child.address, health)
        async with playing(discord, folder) as play:
            child = await the_outage(play, spare, child, launch, silent=options.silent)
        await child.end()


async def the_outage(
    play: Play, spare: ScriptedLlm, child: Child, launch: Launch, *, silent: bool
) -> Child:
    """The server that was started last."""
    await play.ask("Good evening!")
    play.diary.kill(child)
    await child.wait()
    await child.end()
    if not silent:
        spare.say(SPARE[0])
        await play.ask("Anyone there?")
    await play.told("is down")
    if not silent:
        spare.say(SPARE[1])
        await play.ask("Still there?")
    await asyncio.sleep(DOWN_SECONDS)
    play.diary.write("the server is started again")
    child = await Child.start(launch)
    play.diary.write("its model is loaded")
    await play.told("is back")
    await play.ask("Are you well again?")
    return child


@asynccontextmanager
async def playing(discord: FakeDiscord, folder: Path) -> AsyncGenerator[Play]:
    """RoleForge on line, bound to the tavern, telling its outages on the board."""
    tavern, board = discord.add_channel("tavern"), discord.add_channel("notice-board")
    ada, admin = discord.add_person("Ada"), discord.add_person("Mod", permissions=EVERYTHING)
    words = ("bot", "run", "--config", str(folder / "config.json"))
    async with Program(discord, folder / "log", *words, cwd=folder) as program:
        await discord.wait_ready()
        await discord.until(lambda: discord.commands)
        for channel, command in ((tavern, "channel bind"), (board, "outages channel")):
            await discord.wait_for_answer(discord.slash(channel, admin, command))
        play = Play(discord, tavern, board, ada, Diary())
        discord.world.listeners.append(play.listen)
        yield play
        await program.terminate()


async def a_launch() -> Launch:
    return Launch(
        model=str(await model_file("")),
        alias="smollm2",
        port=0,
        key=KEY,
        context=2048,
        slots=1,
        threads=1,
    )


def configure(
    folder: Path, discord: FakeDiscord, spare: ScriptedLlm, address: str, health: Json
) -> None:
    main: Json = {
        "type": "llamacpp",
        "baseURL": f"{address}/v1",
        "model": "smollm2",
        "apiKey": KEY,
        "fallbackProfiles": ["spare"],
        "sampler": {"max_completion_tokens": 16},
    }
    config: Json = {
        "defaultProfile": "main",
        "profiles": {"main": main, "spare": {"baseURL": spare.url, "model": "scripted"}},
        "discord": {"token": discord.token},
        "storage": {"folder": "data"},
        "health": health,
        "chat": {"character": {"name": "Innkeeper"}},
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
