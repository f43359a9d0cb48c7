import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from fakes.command_line import Ended, Roleforge, environment
from fakes.llm import Exchange, ScriptedLlm, cut

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
async def llm() -> AsyncGenerator[ScriptedLlm]:
    async with ScriptedLlm() as server:
        yield server


def write(folder: Path, **profiles: dict[str, Any]) -> None:
    config = {"profiles": {name: {"model": "m", **profile} for name, profile in profiles.items()}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


async def ask(roleforge: Roleforge, *words: str) -> Ended:
    """In a thread, because the verb brings a loop of its own."""
    return await asyncio.to_thread(roleforge, "ask", *words)


async def test_a_reply_is_printed(folder: Path, roleforge: Roleforge, llm: ScriptedLlm) -> None:
    write(folder, a={"baseURL": llm.url, "apiKey": "canary-key", "model": "scripted"})
    llm.say("Well", " met", "!")
    ended = await ask(roleforge, "Good evening.")
    assert (ended.code, ended.out, ended.err) == (0, "Well met!\n", "")
    [request] = llm.requests
    assert request.body["messages"] == [{"role": "user", "content": "Good evening."}]


async def test_json_tells_who_served_and_every_request(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(
        folder,
        first={"baseURL": NOWHERE, "maxRetries": 0, "fallbackProfiles": ["second"]},
        second={"baseURL": llm.url, "maxRetries": 1},
    )
    llm.fail(503)
    llm.say("Here", ".")
    ended = await ask(roleforge, "--json", "Anyone?")
    told = json.loads(ended.out)
    assert ended.code == 0
    assert (told["text"], told["finish_reason"], told["served_by"]) == ("Here.", "stop", "second")
    assert [(one["profile"], one["outcome"]) for one in told["attempts"]] == [
        ("first", "unreachable"),
        ("second", "overloaded"),
        ("second", "answered"),
    ]
    assert all(one["seconds"] >= 0 for one in told["attempts"])
    assert told["usage"]["prompt_tokens"] == 7


async def test_another_profile_can_be_asked(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": NOWHERE}, b={"baseURL": llm.url})
    ended = await ask(roleforge, "--profile", "b", "Hi")
    assert (ended.code, ended.out) == (0, "Hello there.\n")


def test_a_profile_that_is_not_there_ends_with_78(folder: Path, roleforge: Roleforge) -> None:
    write(folder, ollama={"baseURL": NOWHERE})
    ended = roleforge("ask", "--profile", "olama", "Hi")
    assert ended.code == 78
    assert 'Did you mean "ollama"?' in ended.err


def test_nobody_answers_ends_with_69_and_says_why(folder: Path, roleforge: Roleforge) -> None:
    write(folder, a={"baseURL": NOWHERE, "maxRetries": 0})
    ended = roleforge("ask", "Hi")
    assert (ended.code, ended.out) == (69, "")
    assert "a: Nothing listens at 127.0.0.1:9." in ended.err


def test_nobody_answers_is_json_too(folder: Path, roleforge: Roleforge) -> None:
    write(folder, a={"baseURL": NOWHERE, "maxRetries": 0})
    ended = roleforge("ask", "--json", "Hi")
    told = json.loads(ended.out)
    assert ended.code == 69
    assert (told["text"], told["served_by"], told["usage"]) == ("", None, None)
    assert [one["outcome"] for one in told["attempts"]] == ["unreachable"]
    assert told["error"]["code"] == "all_failed"


async def test_a_reply_that_breaks_off_is_kept_and_marked(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url})
    llm.next(cut("Once upon"))
    ended = await ask(roleforge, "A tale?")
    assert (ended.code, ended.out) == (0, "Once upon\n")
    assert "ended early: cut" in ended.err


async def test_a_model_cannot_send_commands_to_the_terminal(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url})
    llm.say("\x1b]0;owned\x07", "fine\n", "\x9b31m")
    ended = await ask(roleforge, "Hi")
    assert ended.out == "]0;ownedfine\n31m\n"


async def test_a_question_can_come_from_standard_input(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, a={"baseURL": llm.url})
    (folder / "question").write_text("Long\nstory", encoding="utf-8")
    with (folder / "question").open(encoding="utf-8") as question:
        monkeypatch.setattr(sys, "stdin", question)
        await ask(roleforge, "-")
    assert llm.requests[0].body["messages"][0]["content"] == "Long\nstory"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process there")
async def test_ctrl_c_cancels_the_request_and_ends_with_130(folder: Path, llm: ScriptedLlm) -> None:
    write(folder, a={"baseURL": llm.url})
    arrived = asyncio.Event()

    async def silent(exchange: Exchange) -> None:
        arrived.set()
        await exchange.seen.gone.wait()

    llm.next(silent)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "ask", "Hi"),
        cwd=folder,
        env=environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await arrived.wait()
    os.kill(process.pid, signal.SIGINT)
    out, err = await process.communicate()
    await llm.requests[0].gone.wait()
    assert (process.returncode, out, err) == (130, b"", b"")
