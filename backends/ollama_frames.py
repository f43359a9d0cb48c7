"""Lines of Ollama's own streams, of messages and of raw text, as pieces of ours."""

import json
from collections.abc import Sequence
from typing import Any

from backends.dialect import ErrorInReply
from roleplay.chat import Delta, FinishReason, Usage

Json = dict[str, Any]

FINISH: dict[str, FinishReason] = {"length": "length"}
"""`done_reason`; all others (stop, load, unload) end a reply as well."""


def decode(line: str) -> Sequence[Delta]:
    """The piece in one line, or in a reply that came as a whole."""
    chunk: Json = json.loads(line)
    if chunk.get("error"):
        raise ErrorInReply(line)
    said: Json = chunk["message"] if "message" in chunk else _of_text(chunk)
    done = chunk.get("done") is True
    piece = Delta(
        text=said.get("content") or "",
        reasoning=said.get("thinking") or "",
        finish_reason=FINISH.get(chunk.get("done_reason") or "", "stop") if done else None,
        usage=_usage(chunk) if done else None,
        model=chunk.get("model") or "",
    )
    return (piece,)


def is_last(line: str) -> bool:
    try:
        chunk: object = json.loads(line)
    except ValueError:
        return False
    return isinstance(chunk, dict) and chunk.get("done") is True  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _of_text(chunk: Json) -> Json:
    return {"content": chunk["response"], "thinking": chunk.get("thinking")}


def _usage(chunk: Json) -> Usage | None:
    prompt, completion = chunk.get("prompt_eval_count"), chunk.get("eval_count")
    if not prompt and not completion:
        return None
    return Usage(prompt_tokens=prompt or 0, completion_tokens=completion or 0)
