import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from fakes.command_line import Ended, Roleforge
from fakes.discord import FakeDiscord
from fakes.llm import ScriptedLlm, fail

from roleplay.bindings import ChannelBinding
from storage.open import open_stores

CANARY = "canary-secret-0123456789"


@pytest.fixture
async def llm() -> AsyncGenerator[ScriptedLlm]:
    async with ScriptedLlm() as server:
        yield server


def write(folder: Path, profiles: dict[str, dict[str, Any]], **sections: Any) -> None:
    whole = {name: {"model": "scripted", **each} for name, each in profiles.items()}
    text = json.dumps({"profiles": whole, **sections})
    (folder / "config.json").write_text(text, encoding="utf-8")


async def doctor(roleforge: Roleforge, *words: str) -> Ended:
    return await asyncio.to_thread(roleforge, "doctor", *words)


def outcomes(checks: list[dict[str, Any]]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for check in checks}


async def test_one_object_tells_all(folder: Path, roleforge: Roleforge, llm: ScriptedLlm) -> None:
    write(folder, {"a": {"baseURL": llm.url}, "b": {"baseURL": llm.url}})
    ended = await doctor(roleforge, "--json")
    told = json.loads(ended.out)
    assert set(outcomes(told["machine"])) == {
        *("python", "sqlite", "folder", "database", "clock", "config"),
    }
    assert outcomes(told["discord"]) == {"token": "skipped"}
    assert [one["profile"] for one in told["profiles"]] == ["a", "b"]
    reply = told["profiles"][0]["checks"][-1]
    assert (reply["name"], reply["outcome"]) == ("reply", "ok")
    assert reply["seconds"] > 0
    assert len(llm.requests) == 2


async def test_the_exit_code_is_the_worst_finding(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, {"a": {"baseURL": llm.url, "model": "other"}})
    ended = await doctor(roleforge)
    assert ended.code == 1
    assert "  ! model: other is not in the server's list" in ended.out
    llm.fail(404, code="model_not_found")
    ended = await doctor(roleforge)
    assert ended.code == 2
    assert "  ✗ model: HTTP 404" in ended.out
    assert "      other is not on this server." in ended.out


async def test_only_the_named_profiles_are_asked(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, {name: {"baseURL": llm.url} for name in ("a", "b", "c")})
    ended = await doctor(roleforge, "--profile", "c", "--profile", "a")
    titles = [line for line in ended.out.splitlines() if line.startswith("Profile ")]
    assert titles == ["Profile c", "Profile a"]


def test_a_profile_that_is_not_there_is_wrong(folder: Path, roleforge: Roleforge) -> None:
    write(folder, {"ollama": {}})
    ended = roleforge("doctor", "--profile", "olama")
    assert ended.code == 2
    assert 'Did you mean "ollama"?' in ended.out


def test_a_broken_config_is_a_finding(folder: Path, roleforge: Roleforge) -> None:
    (folder / "config.json").write_text('{"profiles": {}, "oops": 1}', encoding="utf-8")
    ended = roleforge("doctor", "--json")
    machine = json.loads(ended.out)["machine"]
    assert ended.code == 2
    assert [each["detail"] for each in machine if "oops" in each["detail"]]


async def test_no_secret_is_shown_whatever_a_server_says(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, {"a": {"baseURL": llm.url, "apiKey": CANARY}})
    llm.next(fail(400, {"error": {"message": f"You sent {CANARY}, what is it?"}}))
    llm.say(f"Your key is {CANARY}.")
    for words in ([], ["--json"]):
        ended = await doctor(roleforge, *words)
        assert "canary" not in ended.out + ended.err
    assert not llm.requests[2:]


async def test_a_server_cannot_send_commands_to_the_terminal(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, {"a": {"baseURL": llm.url}})
    llm.say("\x1b]0;owned\x07fine")
    assert "\x1b" not in (await doctor(roleforge)).out


async def test_discord_and_what_a_bound_channel_lacks(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    async with FakeDiscord() as discord:
        write(folder, {"a": {"baseURL": llm.url}}, discord={"token": discord.token})
        tavern = discord.add_channel("tavern")
        tavern.denied = 1 << 11
        binding = ChannelBinding(tavern.id, discord.world.guild_id, bound_by=1, bound_at=1.0)
        async with open_stores(folder / "data") as stores:
            await stores.bindings.bind(binding)
            with discord.here():
                ended = await doctor(roleforge)
    assert ended.code == 2
    assert "#tavern in The Tavern (bound) lacks: Send Messages." in ended.out
    assert "In use by the running bot" in ended.out
    assert discord.token not in ended.out + ended.err
