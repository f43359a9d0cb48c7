"""How each kind of server puts a reply on the wire, so that one suite can speak as any of them.

The test module of a dialect names its `VOICE`.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from fakes.llm import delta, usage_of


@dataclass(frozen=True)
class Voice:
    """Bytes of one frame each. `answers` are the free questions' answers, by path."""

    piece: Callable[[str], bytes]
    thought: Callable[[str], bytes]
    finish: Callable[[str], bytes]
    usage: Callable[[int, int], bytes]
    end: bytes
    error: Callable[[str], bytes]
    whole: Callable[[str], object]
    answers: Mapping[str, object] = field(default_factory=dict[str, object])

    def reply(self, *texts: str, finish: str = "stop") -> list[bytes]:
        """A good reply, frame by frame."""
        pieces = [self.piece(text) for text in texts]
        return [*pieces, self.finish(finish), self.usage(7, 3), self.end]


def sse(data: object) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def _whole(text: str) -> object:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"model": "scripted", "choices": [choice], "usage": usage_of(7, 3)}


CHAT_COMPLETIONS = Voice(
    piece=lambda text: sse(delta(text)),
    thought=lambda text: sse(delta(reasoning_content=text)),
    finish=lambda reason: sse(delta(finish=reason)),
    usage=lambda prompt, completion: sse({"choices": [], "usage": usage_of(prompt, completion)}),
    end=b"data: [DONE]\n\n",
    error=lambda message: sse({"error": {"message": message, "type": "server_error"}}),
    whole=_whole,
)


def voice_of(dialect: str) -> Voice:
    module = importlib.import_module(f"tests.backends.dialects.test_{dialect}")
    return cast("Voice", module.VOICE)
