"""Tokens as the server counts them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

AT_ONCE = 8


class ServerTokenizer:
    """A `roleplay.ports.Tokenizer` over a function that counts one text."""

    def __init__(self, vocabulary: str, count_one: Callable[[str], Awaitable[int]]) -> None:
        self._vocabulary = vocabulary
        self._count_one = count_one

    @property
    def id(self) -> str:
        return self._vocabulary

    async def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text.

        Raises:
            BackendError: the server did not answer.
        """
        counts: list[int] = []
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            counts += await asyncio.gather(*map(self._count_one, some))
        return counts
