"""/preset, and what it changes in what the model is sent."""

from pathlib import Path
from typing import Any

from fakes.presets import as_file, chat_completion, context, instruct, text_completion
from fakes.tavern import Tavern, tavern


async def bring(at: Tavern, document: object, file: str = "Warm.json", **options: Any) -> str:
    data = as_file(document)
    return await at.command(at.owner, "preset import", file=(file, data), **options)


async def said(at: Tavern, text: str = "Hello!") -> dict[str, Any]:
    """What the model is sent for a message."""
    at.llm.say("Hm.")
    await at.ann.send(at.hearth, text)
    await at.quiet()
    return at.llm.requests[-1].body


async def test_a_channels_sampler_counts_before_the_profiles(tmp_path: Path) -> None:
    main = {"sampler": {"temperature": 0.5, "topP": 0.8, "max_completion_tokens": 77}}
    async with tavern(tmp_path, main=main) as at:
        told = await bring(at, text_completion())
        assert told.startswith("**Warm**: sampler\n- temp: temperature = 1.25\n")
        assert "- genamt: left out: a profile's own" in told
        assert (await said(at))["temperature"] == 0.5
        text = await at.command(at.owner, "preset use", name="warm")
        assert text.startswith("This channel uses **Warm**.\n")
        assert "- temperature: 1.25 (preset)" in text
        assert "- topP: 0.8 (profile main)" in text
        body = await said(at)
        assert (body["temperature"], body["top_p"]) == (1.25, 0.8)
        assert 77 in body.values()
        await at.command(at.owner, "preset use")
        assert (await said(at))["temperature"] == 0.5


async def test_a_chat_presets_prompts_are_the_channels_instructions(tmp_path: Path) -> None:
    async with tavern(tmp_path, chat={"character": {"name": "Mira", "prompt": ""}}) as at:
        await bring(at, chat_completion(), "Chat.json", name="Brief")
        await at.command(at.owner, "preset use", name="Brief")
        messages = str((await said(at))["messages"])
        assert "Write as Mira." in messages
        assert "Stay brief." in messages


async def test_a_story_string_lays_out_the_text_that_is_sent(tmp_path: Path) -> None:
    text = {"mode": "text", "template": "alpaca", "type": "vllm"}
    async with tavern(tmp_path, main=text) as at:
        await bring(at, context())
        assert "- story string" in await at.command(at.owner, "preset show", name="Tale")
        await at.command(at.owner, "preset use", name="Tale")
        at.llm.say("Hm.")
        await at.ann.send(at.hearth, "Hello!")
        await at.quiet()
        [body] = [seen.body for seen in at.llm.requests if seen.path.endswith("/completions")]
        assert "### The chat" in body["prompt"].replace("♯", "#")
        assert "From here on" not in body["prompt"]
        assert "***" in body["stop"]


async def test_a_story_string_waits_where_messages_are_sent(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, context())
        text = await at.command(at.owner, "preset use", name="Tale")
        assert "waits for a profile with mode text" in text
        assert "The chat" not in str(await said(at))


async def test_presets_are_listed_replaced_and_removed(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "There is none" in await at.command(at.owner, "preset list")
        await bring(at, text_completion())
        await at.command(at.owner, "preset use", name="Warm")
        await bring(at, text_completion(temp=0.3))
        assert await at.command(at.owner, "preset list") == "- Warm"
        assert (await said(at))["temperature"] == 0.3
        assert "is removed" in await at.command(at.owner, "preset remove", name="WARM")
        assert "uses no preset" in await at.command(at.owner, "preset show")
        assert "temperature" not in await said(at)


async def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        assert "nothing that a channel can use" in await bring(at, instruct(), "Mark.json")
        assert "no preset of SillyTavern" in await bring(at, {"a": 1})
        assert "no preset “Nil”" in await at.command(at.owner, "preset use", name="Nil")


async def test_another_servers_presets_are_not_found(tmp_path: Path) -> None:
    async with tavern(tmp_path) as at:
        await bring(at, text_completion())
        host = at.env.create_user("Otto")
        other = at.env.create_guild("Elsewhere", owner=host)
        den, otto = other.create_text_channel("den"), other.add_member(host)
        assert "no preset “Warm”" in await at.command(otto, "preset use", at=den, name="Warm")
        assert "There is none" in await at.command(otto, "preset list", at=den)
        assert await otto.autocomplete(den, "preset use", "name", "W") == []
