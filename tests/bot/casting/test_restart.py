"""The program ends while one character speaks and another one waits."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from fakes.cards import as_json, v2
from fakes.llm import ScriptedLlm
from fakes.tavern import bind, furnish, simcord, write_config

from bot.app import open_app
from bot.clock import SystemClock
from bot.config.load import load


async def test_a_round_that_was_cut_off_is_offered_once_and_goes_on_whole(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        llm = await stack.enter_async_context(ScriptedLlm())
        backup = await stack.enter_async_context(ScriptedLlm())
        loaded = load(write_config(tmp_path, llm, backup, {}), {})
        async with open_app(loaded, clock=SystemClock()) as app:
            env = simcord.Env(app.client)
            stack.push_async_callback(env.shutdown)
            at = furnish(app, env, llm, backup)
            await env.start()
            await bind(at)
            for name in ("Nova", "Rex", "Vex"):
                card = as_json(v2(name=name))
                await at.command(at.owner, "character import", file=(f"{name}.json", card))
                await at.command(at.owner, "cast add", character=name)
            await at.command(at.owner, "cast order", order="list")
            llm.say("Nova.")
            llm.say("Well", asyncio.Event(), "never")
            await at.ann.send(at.hearth, "Hello?")
            await at.until(lambda: len(at.said(at.hearth)) == 3)
        async with open_app(loaded, clock=SystemClock()) as again:
            await env.restart_bot(again.client)
            at = replace(at, app=again)
            await at.until(lambda: "interrupted" in at.said(at.hearth)[-1])
            await at.quiet()
            assert len(at.said(at.hearth)) == 4
            llm.say("Rex.")
            llm.say("Vex.")
            await at.ann.click(at.messages(at.hearth)[-1], label="Try again")
            await at.quiet()
            assert [(each.author.name, each.content) for each in at.messages(at.hearth)] == [
                ("Ann", "Hello?"),
                ("Nova", "Nova."),
                ("Rex", "Rex."),
                ("Vex", "Vex."),
            ]
