"""Everything around one RoleForge: a fake Discord, two LLM servers, a folder with its config."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fakes.discord import FakeDiscord
from fakes.discord.world import EVERYTHING, Channel, User
from fakes.llm import ScriptedLlm
from fakes.program import Program

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """`llm` is the default profile "main", `spare` its fallback "spare"; `tavern` a channel.

    Ada is a plain member, Mod may do everything.
    """

    discord: FakeDiscord
    llm: ScriptedLlm
    spare: ScriptedLlm
    folder: Path
    tavern: Channel
    ada: User
    mod: User

    @classmethod
    @asynccontextmanager
    async def build(cls, folder: Path) -> AsyncGenerator[Self]:
        async with AsyncExitStack() as stack:
            discord = await stack.enter_async_context(FakeDiscord())
            llm = await stack.enter_async_context(ScriptedLlm())
            spare = await stack.enter_async_context(ScriptedLlm())
            tavern = discord.add_channel("tavern")
            ada = discord.add_person("Ada")
            mod = discord.add_person("Mod", permissions=EVERYTHING)
            yield cls(discord, llm, spare, folder, tavern, ada, mod)

    def configure(self, **sections: Json) -> Path:
        """Write config.json; `sections` are laid over its own. The deadline is short."""
        whole: Json = {
            "profiles": {
                "main": profile(self.llm, fallbackProfiles=["spare"]),
                "spare": profile(self.spare),
            },
            "defaultProfile": "main",
            "discord": {"token": self.discord.token},
            "storage": {"folder": "data"},
            "health": {"enabled": False},
            "chat": {"character": {"name": "Innkeeper"}},
        }
        for name, section in sections.items():
            whole[name] = whole.get(name, {}) | section
        path = self.folder / "config.json"
        path.write_text(json.dumps(whole), "utf-8")
        return path

    def program(self, *arguments: str) -> Program:
        """RoleForge as a user starts it, with the config that stands."""
        config = str(self.folder / "config.json")
        log = self.folder / "output.log"
        words = ("bot", "run", "--config", config, *arguments)
        return Program(self.discord, log, *words, cwd=self.folder)

    @asynccontextmanager
    async def playing(self, **sections: Json) -> AsyncGenerator[Program]:
        """RoleForge on line and bound to the tavern, by the command that an admin uses."""
        self.configure(**sections)
        before = self.discord.gateway.readies
        async with self.program() as program:
            await self.discord.wait_ready(before + 1)
            if not before:
                await self.bind(self.tavern)
            yield program

    async def bind(self, channel: Channel) -> None:
        await self.discord.until(lambda: self.discord.commands)
        bound = self.discord.slash(channel, self.mod, "channel bind")
        await self.discord.wait_for_answer(bound)


def profile(server: ScriptedLlm, **fields: object) -> Json:
    """A profile that asks each server once, so that tests do not wait for retries."""
    kind: Json = {"type": "openai", "baseURL": server.url, "model": "scripted", "apiKey": "made-up"}
    return kind | {"maxRetries": 0} | fields
