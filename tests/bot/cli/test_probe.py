import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from fakes.command_line import Roleforge
from fakes.llm import ScriptedLlm, fail

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture
async def llm() -> AsyncGenerator[ScriptedLlm]:
    async with ScriptedLlm() as server:
        yield server


def write(folder: Path, **profiles: dict[str, Any]) -> None:
    config = {"profiles": {name: {"model": "scripted", **p} for name, p in profiles.items()}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


async def test_all_up_ends_with_0(folder: Path, roleforge: Roleforge, llm: ScriptedLlm) -> None:
    write(folder, a={"baseURL": llm.url}, b={"baseURL": llm.url})
    ended = await asyncio.to_thread(roleforge, "probe")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert ended.code == 0
    assert [row[:2] for row in rows[1:]] == [["a", "up"], ["b", "up"]]
    assert rows[1][3] == "scripted"
    assert llm.requests == []


async def test_one_down_ends_with_69_and_a_hint(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url}, gone={"baseURL": NOWHERE})
    ended = await asyncio.to_thread(roleforge, "probe", "--json")
    up, down = json.loads(ended.out)["profiles"]
    assert ended.code == 69
    assert (up["profile"], up["state"], up["models"]) == ("a", "up", ["scripted"])
    assert (down["profile"], down["state"], down["code"]) == ("gone", "down", "unreachable")
    assert "Start the server" in down["hint"]


async def test_a_wrong_key_is_down_and_never_shown(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url, "apiKey": "canary-key-1234"})
    llm.sick(fail(401, {"error": {"message": "Incorrect API key: canary-key-1234"}}))
    ended = await asyncio.to_thread(roleforge, "probe")
    assert ended.code == 69
    assert "\tdown\t" in ended.out
    assert "canary" not in ended.out + ended.err


def test_a_broken_config_ends_with_78(folder: Path, roleforge: Roleforge) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")
    assert roleforge("probe").code == 78
