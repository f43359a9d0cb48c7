"""The rig both bots are measured on: a fake Discord, a scripted LLM server, the bot as a process.

Every message carries a number; the model's reply begins and ends with it, so that each moment of a
message's life can be found again.
"""

import asyncio
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes.discord import FakeDiscord  # noqa: E402 - the fakes live with the tests
from fakes.discord.limits import Limits  # noqa: E402
from fakes.discord.world import Channel, Json, Message, User  # noqa: E402
from fakes.llm import Exchange, ScriptedLlm, say  # noqa: E402
from fakes.program import Program  # noqa: E402
from prefill import prefill  # noqa: E402

NUMBER = re.compile(r"#(\d+)")
PATIENCE = 120.0


@dataclass(slots=True)
class Life:
    """One message's moments, in monotonic seconds; 0: it did not happen."""

    said: float = 0.0
    asked: float = 0.0
    first_token: float = 0.0
    last_token: float = 0.0
    shown: float = 0.0
    final: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says: so many tokens, with seconds before the first and between them."""

    tokens: int = 20
    first: float = 0.05
    gap: float = 0.01


@dataclass(slots=True)
class Rig:
    """A running bot and what it is fed with. `lives` is by message number."""

    discord: FakeDiscord
    llm: ScriptedLlm
    ada: User
    reply: Reply = field(default_factory=Reply)
    lives: dict[int, Life] = field(default_factory=dict[int, Life])
    channels: list[Channel] = field(default_factory=list[Channel])
    programs: list[Program] = field(default_factory=list[Program])

    def listen(self) -> None:
        self.llm.otherwise = self._answer
        self.discord.world.listeners.append(self._seen)

    async def _answer(self, exchange: Exchange) -> None:
        said = [m["content"] for m in exchange.seen.body["messages"] if m["role"] == "user"]
        number = int(NUMBER.findall(said[-1])[-1])
        life = self.lives[number]
        life.asked = time.monotonic()
        await asyncio.sleep(self.reply.first)
        life.first_token = time.monotonic()
        words = [" word", self.reply.gap] * (self.reply.tokens - 2)
        await say(f"Reply #{number}", self.reply.gap, *words, f" end#{number}.")(exchange)
        life.last_token = time.monotonic()

    def _seen(self, event: str, _: Json, message: Message | None) -> None:
        if event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or message is None:
            return
        found = NUMBER.findall(message.content) if message.author.bot else []
        if not found:
            return
        life = self.lives[int(found[0])]
        life.shown = life.shown or time.monotonic()
        if message.content.endswith(f"end#{found[-1]}.") and not life.final:
            life.final = time.monotonic()
            life.done.set()

    @property
    def program(self) -> Program:
        """The one that runs now."""
        return self.programs[-1]

    def say(self, channel: Channel) -> Life:
        number = len(self.lives) + 1
        life = self.lives[number] = Life(said=time.monotonic())
        self.discord.say(channel, self.ada, f"#{number} What do you see?")
        return life

    async def talk(self, channel: Channel, messages: int, patience: float = PATIENCE) -> None:
        """Say so many, each once the last was answered in full or given up."""
        for _ in range(messages):
            life = self.say(channel)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await life.done.wait()


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two bots; `prepare` writes its folder and returns target and arguments."""

    name: str

    def command(self, rig: Rig, folder: Path) -> tuple[str, ...]:
        if self.name == "bare bot":
            return (str(ROOT / "benchmarks" / "bare_bot.py"), rig.discord.token, rig.llm.url)
        config = folder / "config.json"
        config.write_text(json.dumps(configuration(rig)), "utf-8")
        return ("bot", "run", "--config", str(config))


BARE, ROLEFORGE = Kind("bare bot"), Kind("RoleForge")


def configuration(rig: Rig) -> Json:
    """RoleForge as it comes, with one profile and no probe in the measured time."""
    profile = {"type": "openai", "baseURL": rig.llm.url, "model": "scripted", "apiKey": "made-up"}
    return {
        "profiles": {"scripted": profile},
        "defaultProfile": "scripted",
        "discord": {"token": rig.discord.token},
        "storage": {"folder": "data"},
        "health": {"interval": 86_400},
    }


@asynccontextmanager
async def running(
    kind: Kind,
    folder: Path,
    *,
    channels: int = 1,
    stored: int = 0,
    limits: Limits | None = None,
    reply: Reply | None = None,
) -> AsyncGenerator[Rig]:
    """A bot that is ready; its first channel already holds `stored` messages."""
    async with FakeDiscord(limits=limits) as discord, ScriptedLlm() as llm:
        ada = discord.add_person("Ada")
        rooms = [discord.add_channel(f"tavern-{number}") for number in range(channels)]
        rig = Rig(discord, llm, ada, reply or Reply(), channels=rooms)
        rig.listen()
        if kind is ROLEFORGE:
            room_ids = [room.id for room in rooms]
            (folder / "data").mkdir()
            await prefill(folder / "data", room_ids, discord.world.guild_id, stored)
        target, *arguments = kind.command(rig, folder)
        async with Program(discord, folder / "log", target, *arguments, cwd=folder) as program:
            rig.programs.append(program)
            await discord.wait_ready()
            yield rig
            await program.terminate()


@asynccontextmanager
async def scratch() -> AsyncGenerator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="roleforge-benchmark-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted or unsorted values; NaN of none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")
