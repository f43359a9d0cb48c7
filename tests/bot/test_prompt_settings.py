"""/note and /instructions, as managers and players meet them."""

from pathlib import Path
from typing import Any

import discord
import pytest
from fakes.tavern import Tavern, tavern
from simcord import InteractionResult


async def write(at: Tavern, command: str, text: str, **options: Any) -> str:
    """Use a command that shows a form, and submit the form."""
    shown = await at.owner.slash(at.hearth, command, **options)
    assert shown.modal, shown.response
    return said(await at.owner.submit_modal(shown, {"text": text}))


def said(result: InteractionResult) -> str:
    answer = result.followups[-1] if result.followups else result.response
    assert answer
    assert answer.ephemeral
    return answer.content


async def sent(at: Tavern, text: str) -> list[str]:
    """Ann says it; what the model was sent."""
    at.llm.say("Indeed.")
    await at.ann.send(at.hearth, text)
    await at.quiet()
    return [message["content"] for message in at.llm.requests[-1].body["messages"]]


async def test_a_note_is_in_every_prompt_at_its_depth(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        told = await write(at, "note set", "It rains. {{char}} is wet.", depth=1)
        head, text = told.splitlines()
        assert head == "**Author's note**, 1 message before the end, as system:"
        assert text == "> It rains. {{char}} is wet."
        assert (await sent(at, "Hello"))[0].endswith("It rains. Mira is wet.")
        assert (await sent(at, "Well?"))[-2:] == ["It rains. Mira is wet.", "Ann: Well?"]
        await write(at, "note set", "It snows.")
        assert (await sent(at, "And now?"))[-2:] == ["It snows.", "Ann: And now?"]
        assert await at.command(at.owner, "note clear") == "The author's note is gone."
        assert "It snows." not in await sent(at, "Still?")
        assert await at.command(at.owner, "note show") == "There is no author's note here."


async def test_a_note_comes_with_every_second_message(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        told = await write(at, "note set", "It rains.", depth=0, interval=2)
        assert "with one of 2 messages" in told
        there = ["It rains." in await sent(at, f"Hello {n}") for n in range(4)]
        assert there == [False, True, False, True]


async def test_a_thread_has_its_parents_note(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await write(at, "note set", "It rains.")
        channel = at.app.client.get_channel(at.hearth.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.create_thread(name="A side story", type=discord.ChannelType.public_thread)
        [thread] = at.hearth.threads
        assert "It rains." in await at.command(at.owner, "note show", at=thread)


async def test_instructions_come_from_the_nearest(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "set by the config" in await at.command(at.owner, "instructions show")
        await write(at, "instructions set", "Server's {{char}}.", part="main", scope="server")
        assert (await sent(at, "Hello"))[0] == "Server's Mira."
        told = await write(at, "instructions set", "Channel's.", part="main")
        assert "**Main prompt** (set by the channel):\n> Channel's." in told
        await write(at, "instructions set", "Be brief.", part="post-history")
        prompt = await sent(at, "Hello again")
        assert (prompt[0], prompt[-1]) == ("Channel's.", "Be brief.")
        told = await at.command(at.owner, "instructions clear", part="main")
        assert "(set by the server):\n> Server's" in told


@pytest.mark.parametrize("name", ["note set", "note clear", "instructions set"])
async def test_players_do_not_see_them(tmp_path: Path, name: str) -> None:
    async with tavern(tmp_path) as at:
        assert name not in at.ann.available_commands(at.hearth)
        assert name in at.owner.available_commands(at.hearth)


async def test_people_are_told_once_when_the_story_no_longer_fits(tmp_path: Path) -> None:
    small = {"sampler": {"maxContextTokens": 256, "max_completion_tokens": 32}}
    async with tavern(tmp_path, main=small) as at:

        async def remarks(*texts: str) -> list[str]:
            for text in texts:
                await sent(at, text)
            return [each for each in at.said(at.hearth) if each.startswith("-# This story")]

        assert await remarks("Hello") == []
        [remark] = await remarks(*(f"{n} " + "word " * 20 for n in range(5)))
        assert "from about the last" in remark
        assert await remarks("And more " * 10) == [remark]
        await at.command(at.owner, "reset")
        told = await remarks(*(f"{n} " + "word " * 20 for n in range(5)))
        assert len(told) == 2
