import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from fakes.command_line import Ended, Roleforge
from fakes.llm import ScriptedLlm

from bot.bench.measure import Run, p95
from roleplay.profiles import ConnectionProfile


@pytest.fixture
async def llm() -> AsyncGenerator[ScriptedLlm]:
    async with ScriptedLlm() as server:
        yield server


def write(folder: Path, **profiles: dict[str, Any]) -> None:
    whole = {name: {"model": "scripted", **each} for name, each in profiles.items()}
    (folder / "config.json").write_text(json.dumps({"profiles": whole}), encoding="utf-8")


async def bench(roleforge: Roleforge, *words: str) -> Ended:
    return await asyncio.to_thread(roleforge, "bench", *words)


async def test_each_run_is_told_and_the_one_to_warm_up_is_not(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url, "sampler": {"stop": ["there"]}})
    ended = await bench(roleforge, "--json", "--runs", "3", "--tokens", "50")
    told = json.loads(ended.out)
    assert ended.code == 0
    [one] = told["profiles"]
    assert (len(one["runs"]), len(llm.requests)) == (3, 4)
    assert [run["tokens"] for run in one["runs"]] == [3, 3, 3]
    assert one["median"]["seconds"] <= one["p95"]["seconds"]
    assert {request.body["max_tokens"] for request in llm.requests} == {50}
    assert "stop" not in llm.requests[0].body


async def test_every_prompt_has_the_size_and_begins_otherwise(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url})
    await bench(roleforge, "--runs", "2")
    prompts = [request.body["messages"][0]["content"] for request in llm.requests]
    assert len({prompt[:20] for prompt in prompts}) == 3
    assert all(11_000 < len(prompt) < 20_000 for prompt in prompts)


async def test_fewer_tokens_than_asked_for_are_told(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, a={"baseURL": llm.url})
    ended = await bench(roleforge, "a", "--runs", "2", "--prompt-tokens", "100")
    assert "a wrote fewer than 200 tokens in 2 of 2 runs, 3 at least" in ended.err
    assert ended.out.splitlines()[1].startswith("a\tscripted\t")


async def test_a_profile_that_fails_is_told_and_the_others_measured(
    folder: Path, roleforge: Roleforge, llm: ScriptedLlm
) -> None:
    write(folder, gone={"baseURL": "http://127.0.0.1:9/v1"}, a={"baseURL": llm.url})
    ended = await bench(roleforge, "--runs", "1", "--prompt-tokens", "100")
    assert ended.code == 69
    assert "gone: Nothing listens at 127.0.0.1:9." in ended.err
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["Profile", "a"]


async def test_a_real_server_counts_for_itself(
    folder: Path, roleforge: Roleforge, llama_server: ConnectionProfile
) -> None:
    assert llama_server.api_key
    key = llama_server.api_key.get_secret_value()
    write(folder, a={"type": "llamacpp", "baseURL": llama_server.base_url, "apiKey": key})
    ended = await bench(
        roleforge, "--json", "--runs", "1", "--prompt-tokens", "300", "--tokens", "20"
    )
    [run] = json.loads(ended.out)["profiles"][0]["runs"]
    assert not run["estimated"]
    assert 300 <= run["prompt_tokens"] < 420
    assert run["tokens"] <= 20
    assert run["tokens_per_second"] > 0


def test_a_profile_that_is_not_there_ends_with_78(folder: Path, roleforge: Roleforge) -> None:
    write(folder, ollama={})
    ended = roleforge("bench", "olama")
    assert ended.code == 78
    assert 'Did you mean "ollama"?' in ended.err


def test_figures_are_what_they_say() -> None:
    assert Run(1.0, 3.0, 3500, 201, estimated=False).tokens_per_second == 100
    assert Run(2.0, 2.0, 3500, 200, estimated=False).tokens_per_second == 100
    assert [p95(range(1, count + 1)) for count in (1, 5, 20, 100)] == [1, 5, 19, 95]
