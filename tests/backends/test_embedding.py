"""Vectors of texts, over real sockets, and from a real llama.cpp."""

import asyncio
import json
import math
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fakes.llm import Failing, ScriptedLlm
from pydantic import SecretStr

from backends.embedded.child import Launch
from backends.embedded.models import model_file
from backends.embedding import BATCH, LONGEST
from backends.remote import RemoteServer
from bot.clock import SystemClock
from roleplay.errors import BadKey, BadResponse
from roleplay.ports import Embedder, Vector
from roleplay.profiles import ConnectionProfile

FAKES = Path(__file__).parents[1] / "fakes"


def profile(llm: ScriptedLlm, kind: str = "openai") -> ConnectionProfile:
    return ConnectionProfile(name="ann", type=kind, baseURL=llm.url, model="m")


@asynccontextmanager
async def embedder_of(asked: ConnectionProfile) -> AsyncGenerator[Embedder]:
    async with RemoteServer(asked, SystemClock()) as server:
        assert server.embedder
        yield server.embedder


async def test_openai_is_sent_a_list_and_its_answer_is_put_into_order() -> None:
    rows = [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0.5]}]
    async with ScriptedLlm() as llm, embedder_of(profile(llm)) as embedder:
        llm.answers["/v1/embeddings"] = {"object": "list", "data": rows}
        assert await embedder.embed(["one", "two"]) == [(1.0, 0.5), (0.0, 1.0)]
        assert llm.asides[-1].body == {
            "model": "m",
            "input": ["one", "two"],
            "encoding_format": "float",
        }


async def test_ollama_is_asked_in_its_own_protocol() -> None:
    async with ScriptedLlm() as llm, embedder_of(profile(llm, "ollama")) as embedder:
        llm.answers["/api/embed"] = {"model": "m", "embeddings": [[1, 0], [0, 1]]}
        assert await embedder.embed(["one", "two"]) == [(1.0, 0.0), (0.0, 1.0)]
        assert llm.asides[-1].body == {"model": "m", "input": ["one", "two"]}


async def test_long_texts_are_cut_and_many_are_sent_in_batches() -> None:
    async with ScriptedLlm() as llm, embedder_of(profile(llm)) as embedder:
        rows = [{"index": index, "embedding": [1.0]} for index in range(BATCH)]
        llm.answers["/v1/embeddings"] = {"data": rows}
        assert len(await embedder.embed(["x" * (LONGEST + 9)] * BATCH * 2)) == BATCH * 2
        sent = [seen.body["input"] for seen in llm.asides]
    assert [len(texts) for texts in sent] == [BATCH, BATCH]
    assert {len(text) for texts in sent for text in texts} == {LONGEST}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"index": 0, "embedding": []}],
        [{"index": 0, "embedding": [math.nan]}],
        [{"index": 0, "embedding": ["red"]}],
        [{"index": 0, "embedding": [[1.0]]}],
    ],
)
async def test_an_answer_that_holds_no_vector_is_an_error(rows: list[object]) -> None:
    async with ScriptedLlm() as llm, embedder_of(profile(llm)) as embedder:
        llm.answers["/v1/embeddings"] = {"data": rows}
        with pytest.raises(BadResponse):
            await embedder.embed(["one"])


async def test_a_refusal_is_told_as_everywhere() -> None:
    async with ScriptedLlm() as llm, embedder_of(profile(llm)) as embedder:
        llm.answers["/v1/embeddings"] = Failing(401, {"error": {"message": "Wrong key"}})
        with pytest.raises(BadKey) as refused:
            await embedder.embed(["one"])
    assert refused.value.profile == "ann"


@pytest.mark.parametrize("kind", ["anthropic", "deepseek", "groq", "huggingface", "embedded"])
def test_others_make_none(kind: str) -> None:
    asked = ConnectionProfile(name="ann", type=kind, baseURL="http://localhost:1/v1", model="m")
    assert RemoteServer(asked, SystemClock()).embedder is None


@asynccontextmanager
async def llama() -> AsyncGenerator[ConnectionProfile]:
    model = await model_file("", None, None)
    launch = Launch(
        model=str(model), alias="m", port=0, key="secret", context=1024, slots=1, threads=1
    )
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, FAKES / "llama_vectors.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps(launch).encode() + b"\n")
        address = json.loads(await child.stdout.readline())["address"]
        yield ConnectionProfile(
            name="ann", type="llamacpp", baseURL=f"{address}/v1", apiKey=SecretStr("secret")
        )
    finally:
        child.stdin.close()
        await child.wait()


def cosine(one: Vector, other: Vector) -> float:
    return (
        sum(a * b for a, b in zip(one, other, strict=True)) / math.hypot(*one) / math.hypot(*other)
    )


async def test_a_real_llama_cpp_makes_vectors_that_tell_texts_apart() -> None:
    texts = ["The cat sleeps on the sofa.", "A cat is asleep on the couch.", "SELECT 1 + 2;"]
    async with llama() as asked, embedder_of(asked) as embedder:
        cat, same, other = await embedder.embed(texts)
    assert cosine(cat, same) > cosine(cat, other)
