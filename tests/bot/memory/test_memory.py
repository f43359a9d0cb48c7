"""What a channel remembers, from the message to the next prompt and /memory."""

import asyncio
from pathlib import Path
from typing import Any

import simcord
from fakes.llm import Exchange, reply_json
from fakes.tavern import PATIENCE, Tavern, tavern

EVERY = {"summaryEvery": 20}


async def shown(at: Tavern) -> str:
    result = await at.ann.slash(at.hearth, "memory show")
    assert result.response
    assert result.response.ephemeral
    [embed] = result.response.embeds
    return f"{embed.description}\n{embed.footer.text}"


async def talk(at: Tavern, count: int, text: str = "The sea is calm") -> None:
    for number in range(count):
        await at.ann.send(at.hearth, f"{text} ({number}).")
        await at.quiet()


def prompt_of(at: Tavern) -> str:
    """The last one that was sent, as one text."""
    return "\n".join(str(each["content"]) for each in at.llm.requests[-1].body["messages"])


async def test_a_chat_is_summed_up_beside_it_and_the_summary_is_sent(tmp_path: Path) -> None:
    async with tavern(tmp_path, memory=EVERY) as at:
        assert "Nothing is summed up yet" in await shown(at)
        for _ in range(10):
            at.llm.say("Indeed.")
        at.llm.say("They spoke of the sea.")
        await talk(at, 10)
        async with asyncio.timeout(PATIENCE):
            while "They spoke of the sea." not in await shown(at):
                pass
        assert "They spoke of the sea." not in "".join(at.said(at.hearth))
        at.llm.say("Welcome back.")
        await at.ann.send(at.hearth, "And now?")
        await at.quiet()
        assert "What happened before:\nThey spoke of the sea." in prompt_of(at)


async def test_a_manager_edits_clears_and_turns_off(tmp_path: Path) -> None:
    async with tavern(tmp_path, memory=EVERY) as at:
        refused = await at.command(at.ann, "memory off")
        assert "Manage Server" in refused
        await talk(at, 1)
        form = await at.owner.slash(at.hearth, "memory edit")
        await at.owner.submit_modal(form, {"summary": "A storm came."})
        await talk(at, 1)
        assert "A storm came." in prompt_of(at)
        assert await at.command(at.owner, "memory off") == (
            "Memory is off here. The summary is kept: /memory clear."
        )
        await talk(at, 1)
        assert "A storm came." not in prompt_of(at)
        await at.command(at.owner, "memory on")
        assert await at.command(at.owner, "memory clear") == "The summary is forgotten."
        assert "There is no profile" in await at.command(at.owner, "memory profile", name="none")
        assert "backup writes" in await at.command(at.owner, "memory profile", name="backup")


async def test_sums_up_at_a_word(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "nothing to sum up" in await at.command(at.owner, "memory now")
        await talk(at, 8)
        at.llm.say("They spoke.")
        assert await at.command(at.owner, "memory now") == "Summed up: /memory show."
        assert "They spoke." in await shown(at)


async def test_an_earlier_moment_comes_back_when_it_is_spoken_of(tmp_path: Path) -> None:
    main: dict[str, Any] = {"sampler": {"maxContextTokens": 1024}}
    async with tavern(tmp_path, main=main, memory={"enabled": True, "summaryEvery": 500}) as at:
        await at.ann.send(at.hearth, "The zeppelin is moored at Ravenhall.")
        await at.quiet()
        for number in range(12):
            await at.ben.send(at.hearth, f"Filler {number}: " + "words and words " * 40)
            await at.quiet()
        assert "zeppelin" not in prompt_of(at)
        await at.ann.send(at.hearth, "Where did we leave our zeppelin?")
        await at.quiet()
        assert "- Ann: The zeppelin is moored at Ravenhall." in prompt_of(at)


def learnt(at: Tavern) -> int:
    return sum(len(seen.body.get("input", ())) for seen in at.backup.asides)


async def by_ships(exchange: Exchange) -> None:
    """Texts about ships point one way, all others the other."""
    texts = enumerate(exchange.seen.body["input"])
    rows = [{"index": at, "embedding": [1.0 if "ship" in text else -1.0] * 8} for at, text in texts]
    await reply_json({"data": rows})(exchange)


async def test_an_earlier_moment_comes_back_in_other_words(tmp_path: Path) -> None:
    main: dict[str, Any] = {"sampler": {"maxContextTokens": 1024}}
    async with tavern(tmp_path, main=main, memory={"embeddings": "backup"}) as at:
        at.backup.answers["/v1/embeddings"] = {}
        at.backup.special["/v1/embeddings"] = by_ships
        await at.ann.send(at.hearth, "The ship is moored at Ravenhall.")
        await at.quiet()
        for number in range(12):
            await at.ben.send(at.hearth, f"Filler {number}: " + "words and words " * 40)
            await at.quiet()
        await at.until(lambda: learnt(at) >= 20)
        assert "Ravenhall" not in prompt_of(at)
        await at.ann.send(at.hearth, "And our airships?")
        await at.quiet()
        assert "- Ann: The ship is moored at Ravenhall." in prompt_of(at)


async def test_what_is_remembered_stays_in_its_channel(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await at.command(at.owner, "channel bind", at=at.back_room)
        await talk(at, 1)
        form: simcord.InteractionResult = await at.owner.slash(at.hearth, "memory edit")
        await at.owner.submit_modal(form, {"summary": "A storm came."})
        await at.ann.send(at.back_room, "Hello.")
        await at.quiet()
        assert "A storm came." not in prompt_of(at)
