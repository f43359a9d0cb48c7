"""Vectors of texts as servers send them.

https://platform.openai.com/docs/api-reference/embeddings
https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from backends.address import join
from backends.dialect import Question, WireRequest
from roleplay.ports import Vector
from roleplay.profiles import ConnectionProfile

Json = dict[str, Any]

BATCH = 32
"""Texts of one request."""

LONGEST = 1000
"""Characters of one text: what small models take, and llama.cpp's batch of 512 tokens holds."""

SECONDS = 60.0
"""For one request: a small machine takes its time for a whole batch."""


class ServerEmbedder:
    """A `roleplay.ports.Embedder` over a function that asks for one batch."""

    def __init__(self, model: str, ask: Callable[[Sequence[str]], Awaitable[list[Vector]]]) -> None:
        self._model = model
        self._ask = ask
        self._turn = asyncio.Lock()

    @property
    def id(self) -> str:
        return self._model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """See `roleplay.ports.Embedder`."""
        vectors: list[Vector] = []
        async with self._turn:
            for start in range(0, len(texts), BATCH):
                some = [text[:LONGEST] for text in texts[start : start + BATCH]]
                vectors += await self._ask(some)
        return vectors


def openai_question(texts: Sequence[str], profile: ConnectionProfile) -> Question[list[Vector]]:
    body = {"model": profile.model} if profile.model else {}
    request = WireRequest(
        join(profile.base_url, "/embeddings"),
        {**body, "input": list(texts), "encoding_format": "float"},
    )
    return Question(request, lambda answer: read_data(answer, len(texts)))


def read_data(answer: object, count: int) -> list[Vector]:
    """The order is that of `index`, whatever that of the list is."""
    data: list[Json] = cast("Json", answer)["data"]
    rows = {int(row["index"]): row["embedding"] for row in data}
    return checked([rows[index] for index in range(count)], count)


def read_embeddings(answer: object, count: int) -> list[Vector]:
    return checked(cast("Json", answer)["embeddings"], count)


def checked(rows: Sequence[Sequence[float]], count: int) -> list[Vector]:
    """One vector for each text, all of one length.

    Raises:
        ValueError, TypeError: they are not.
    """
    vectors = [tuple(float(number) for number in row) for row in rows]
    if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
        raise ValueError("not one vector of one length for each text")
    if not all(vector and all(map(math.isfinite, vector)) for vector in vectors):
        raise ValueError("not a vector")
    return vectors
