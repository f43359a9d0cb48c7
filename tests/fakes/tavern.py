"""The whole bot in a pretend Discord, with a scripted LLM server behind a real socket.

async with tavern(tmp_path) as at:
    at.llm.say("Welcome.")
    await at.ann.send(at.hearth, "Hello!")
    await at.quiet()
    assert at.said(at.hearth) == ["Hello!", "Welcome."]
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import App, open_app
from bot.clock import SystemClock
from bot.config.load import Loaded, load
from bot.pacing import Rules
from bot.playground import webhooks
from fakes.llm import ScriptedLlm
from fakes.watched import texts

PATIENCE = 20.0

BRISK = Rules(edit_spacing=0.0)
"""The pretend Discord limits nobody."""


@dataclass
class Tavern:
    """A server with an owner, two members, and channels of which the hearth is bound."""

    loaded: Loaded
    running: AsyncExitStack
    app: App
    env: simcord.Env
    llm: ScriptedLlm
    backup: ScriptedLlm
    guild: simcord.GuildHandle
    hearth: simcord.ChannelHandle
    back_room: simcord.ChannelHandle
    owner: simcord.MemberActor
    ann: simcord.MemberActor
    ben: simcord.MemberActor

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that comes by itself."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - the pretend Discord has no event for it
                await asyncio.sleep(0.005)

    async def quiet(self) -> None:
        """Wait until every message is handled and no reply is being written."""
        await self.until(lambda: self.app.inbox.idle and not self.app.turns.running())

    async def restart(self) -> None:
        """End the program, waiting for no reply, and start it again in the same world."""
        await self.running.aclose()
        self.app = await self.running.enter_async_context(
            open_app(self.loaded, clock=SystemClock(), pace=BRISK)
        )
        await self.env.restart_bot(self.app.client)

    def said(self, channel: simcord.ChannelHandle) -> list[str]:
        """What stands in the channel, oldest first."""
        return [message.content for message in self.messages(channel)]

    def messages(self, channel: simcord.ChannelHandle) -> list[discord.Message]:
        return list(channel.history())

    async def command(
        self, who: simcord.MemberActor, name: str, /, at: Any = None, **options: Any
    ) -> str:
        """Use a slash command; the ephemeral answer's text."""
        result = await who.slash(at or self.hearth, name, **options)
        answer = result.followups[-1] if result.followups else result.response
        assert answer is not None
        assert answer.ephemeral
        return answer.content or "".join(each.description or "" for each in answer.embeds)

    async def panel(self, who: simcord.MemberActor, name: str) -> str:
        """Use a slash command that answers with a panel of components; all that it says."""
        result = await who.slash(self.hearth, name)
        answer = result.followups[-1] if result.followups else result.response
        assert answer is not None
        return "\n".join(texts(answer.components))


@asynccontextmanager
async def tavern(folder: Path, **sections: Any) -> AsyncGenerator[Tavern]:
    """Open everything. `sections` are laid over the config; the profile `main` has one fallback.

    A section called `main` is laid over that profile.
    """
    async with AsyncExitStack() as stack:
        llm = await stack.enter_async_context(ScriptedLlm())
        backup = await stack.enter_async_context(ScriptedLlm())
        file = write_config(folder, llm, backup, sections)
        loaded = load(file, {})
        webhooks.install()
        running = await stack.enter_async_context(AsyncExitStack())
        app = await running.enter_async_context(open_app(loaded, clock=SystemClock(), pace=BRISK))
        env = simcord.Env(app.client)
        at = furnish(loaded, running, app, env, llm=llm, backup=backup)
        await env.start()
        stack.push_async_callback(env.shutdown)
        await bind(at)
        yield at


def write_config(
    folder: Path, llm: ScriptedLlm, backup: ScriptedLlm, sections: dict[str, Any]
) -> Path:
    main = {"baseURL": llm.url, "model": "scripted", "fallbackProfiles": ["backup"]}
    config = {
        "defaultProfile": "main",
        "profiles": {
            "main": main | sections.pop("main", {}),
            "backup": {"baseURL": backup.url, "model": "scripted"},
        },
        "health": {"enabled": False},
        "chat": {"character": {"name": "Mira"}, "editInterval": 0.05},
        **sections,
    }
    file = folder / "config.json"
    file.write_text(json.dumps(config), "utf-8")
    return file


def furnish(
    loaded: Loaded,
    running: AsyncExitStack,
    app: App,
    env: simcord.Env,
    *,
    llm: ScriptedLlm,
    backup: ScriptedLlm,
) -> Tavern:
    owner, ann, ben = (env.create_user(name) for name in ("Olga", "Ann", "Ben"))
    guild = env.create_guild("The Tavern", owner=owner)
    return Tavern(
        loaded,
        running,
        app,
        env,
        llm,
        backup,
        guild,
        guild.create_text_channel("hearth"),
        guild.create_text_channel("back-room"),
        guild.add_member(owner),
        guild.add_member(ann),
        guild.add_member(ben),
    )


async def bind(at: Tavern) -> None:
    await at.command(at.owner, "channel bind")
