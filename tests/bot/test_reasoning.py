"""Reasoning is kept apart from speech and shown to the one who asks."""

from pathlib import Path

from fakes.llm import delta
from fakes.tavern import tavern

NONE = "The last reply here came without reasoning."


async def test_it_is_hidden_until_somebody_asks(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert await at.command(at.ann, "reasoning") == NONE
        at.llm.say(delta(reasoning_content="Ann is *new* here."), "<think>Be kind.</think>", "Hi!")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Hi!"]
        assert await at.command(at.ann, "reasoning") == "Ann is \\*new\\* here.Be kind."
        at.llm.say("Bye.")
        await at.ann.send(at.hearth, "I must go.")
        await at.quiet()
        assert await at.command(at.ann, "reasoning") == NONE


async def test_what_is_long_comes_as_a_file(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        at.llm.say(delta(reasoning="hm " * 1000), "Hi!")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        result = await at.ann.slash(at.hearth, "reasoning")
        assert result.response
        [file] = result.response.attachments
        assert file.filename == "reasoning.txt"


async def test_alternatives_are_asked_for_and_the_first_is_said(tmp_path: Path) -> None:
    async with tavern(tmp_path, main={"sampler": {"n": 2}}) as at:
        at.llm.say(delta("Or", index=1), "Either.", delta(" so.", index=1, finish="stop"))
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        assert at.said(at.hearth) == ["Hello!", "Either."]
        assert at.llm.requests[0].body["n"] == 2
