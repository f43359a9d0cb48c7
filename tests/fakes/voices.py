"""How each kind of server puts a reply on the wire, so that one suite can speak as any of them.

The test module of a dialect names its `VOICE`.
"""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from fakes.llm import delta, usage_of


@dataclass(frozen=True)
class Voice:
    """Bytes of one frame each. `answers` are the free questions' answers: `ScriptedLlm.answers`.

    `beginning` comes before the first piece, `comment` keeps a connection alive. `finish` is given
    our own words ("stop", "length"); where it carries the usage (7 and 3 tokens) there is no
    `usage`. `whole` is a reply in one body.
    """

    piece: Callable[[str], bytes]
    thought: Callable[[str], bytes]
    finish: Callable[[str], bytes]
    error: Callable[[str], bytes]
    whole: Callable[[str], object]
    beginning: Sequence[bytes] = ()
    usage: Callable[[int, int], bytes] | None = None
    end: bytes | None = None
    comment: bytes = b": keep-alive\n\n"
    answers: Mapping[str, object] = field(default_factory=dict[str, object])

    def reply(self, *texts: str, finish: str = "stop") -> list[bytes]:
        """A good reply, frame by frame."""
        pieces = [self.piece(text) for text in texts]
        usage = [self.usage(7, 3)] if self.usage else []
        end = [self.end] if self.end else []
        return [*self.beginning, *pieces, self.finish(finish), *usage, *end]


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
