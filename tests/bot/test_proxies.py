"""PluralKit and Tupperbox: a person who is repeated under another name is answered once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from fakes.tavern import Tavern, tavern

from bot.playground.webhooks import APPLICATIONS

PLURALKIT = 466378653216014359


@dataclass
class Scene:
    """`proxy` repeats what Ann writes as Luna."""

    at: Tavern
    hook: simcord.WebhookHandle

    async def proxy(self, text: str) -> discord.Message:
        return await self.hook.send(text, username="Luna")

    def replies(self) -> list[str]:
        me = self.at.app.client.user
        return [m.content for m in self.at.messages(self.at.hearth) if m.author == me]

    def prompts(self) -> list[str]:
        return [str(request.body["messages"][1:]) for request in self.at.llm.requests]

    async def stands(self, count: int) -> None:
        await self.at.until(lambda: len(self.replies()) == count)


@asynccontextmanager
async def scene(folder: Path, application: int = PLURALKIT) -> AsyncGenerator[Scene]:
    async with tavern(folder) as at:
        hook = at.guild.create_webhook(at.hearth, "PK")
        APPLICATIONS[hook.id] = application
        yield Scene(at, hook)


async def test_a_proxy_is_heard_as_a_person_with_the_proxys_name(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.proxy("Hello!")
        await play.at.quiet()
        assert "Luna: Hello!" in play.prompts()[-1]
        assert len(play.replies()) == 1


async def test_other_webhooks_are_not_heard(tmp_path: Path) -> None:
    async with scene(tmp_path, application=12345) as play:
        await play.proxy("Hello!")
        await play.at.quiet()
        assert play.replies() == []


async def test_a_first_answer_to_the_original_is_taken_back(tmp_path: Path) -> None:
    """Nobody knew yet that Ann writes through a proxy."""
    async with scene(tmp_path) as play:
        play.at.llm.say("Hello, Ann", asyncio.Event(), "!")
        play.at.llm.say("Hello, Luna!")
        original = await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.stands(1)
        await play.proxy("Hello!")
        await play.at.ann.delete(original)
        await play.at.quiet()
        assert play.replies() == ["Hello, Luna!"]
        assert "Ann" not in play.prompts()[-1]


async def test_so_it_is_when_the_original_goes_before_the_proxy_comes(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        play.at.llm.say("Hello, Ann", asyncio.Event(), "!")
        play.at.llm.say("Hello, Luna!")
        original = await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.stands(1)
        await play.at.ann.delete(original)
        await play.at.quiet()
        await play.proxy("Hello!")
        await play.at.quiet()
        assert play.replies() == ["Hello, Luna!"]


async def test_a_whole_answer_stays_and_the_proxy_takes_the_originals_place(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as play:
        play.at.llm.say("Welcome.")
        original = await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.at.quiet()
        await play.proxy("Hello!")
        await play.at.ann.delete(original)
        await play.at.quiet()
        assert play.replies() == ["Welcome."]
        await play.at.ben.send(play.at.hearth, "And I?")
        await play.at.quiet()
        told = [message["content"] for message in play.at.llm.requests[-1].body["messages"][1:]]
        assert told == ["Luna: Hello!", "Welcome.", "Ben: And I?"]


async def test_an_original_that_comes_last_is_not_heard(tmp_path: Path) -> None:
    async with scene(tmp_path) as play:
        await play.proxy("Hello!")
        await play.at.quiet()
        await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.at.quiet()
        assert len(play.replies()) == 1
        assert len(play.prompts()) == 1


async def test_who_is_known_to_be_repeated_is_answered_as_the_proxy_from_the_start(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as play:
        await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.at.quiet()
        await play.proxy("Hello!")
        await play.at.quiet()
        original = await play.at.ann.send(play.at.hearth, "L: How are you?")
        await play.proxy("How are you?")
        await play.at.ann.delete(original)
        await play.at.quiet()
        assert len(play.prompts()) == len(play.replies()) == 2
        assert "Luna: How are you?" in play.prompts()[-1]
        assert "Ann" not in play.prompts()[-1]


async def test_the_one_who_wrote_through_the_proxy_may_take_the_answer_back(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as play:
        await play.at.ann.send(play.at.hearth, "L: Hello!")
        await play.at.quiet()
        await play.proxy("Hello!")
        await play.at.quiet()
        await play.at.ann.react(play.at.messages(play.at.hearth)[1], "❌")
        await play.at.quiet()
        assert play.replies() == []
