"""Chunks and whole replies of chat and text completions, as pieces of ours."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from backends.dialect import ErrorInReply, Frame
from roleplay.chat import Delta, FinishReason, Usage

Json = dict[str, Any]

FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "filtered",
}
"""The server's words; others (tool calls) end a reply as well."""

FAILED = frozenset({"error", "abort", "insufficient_system_resource"})


def decode(frame: Frame) -> Sequence[Delta]:
    """The pieces of one chunk."""
    chunk = _object(frame.data)
    if frame.event == "error" or is_error(chunk):
        raise ErrorInReply(frame.data)
    return _pieces(chunk, frame.data, "delta")


def decode_whole(text: str) -> Sequence[Delta]:
    """The pieces of a reply that came in one body."""
    reply = _object(text)
    if is_error(reply) or not reply.get("choices"):
        raise ErrorInReply(text)
    return _pieces(reply, text, "message")


def is_error(chunk: Json) -> bool:
    return bool(chunk.get("error")) or chunk.get("object") == "error"


def _object(text: str) -> Json:
    value = json.loads(text)
    if isinstance(value, list) and value:  # Gemini wraps its errors
        value = cast("list[object]", value)[0]
    if not isinstance(value, dict):
        raise TypeError
    return cast("Json", value)


def _pieces(chunk: Json, text: str, key: str) -> list[Delta]:
    model, usage = chunk.get("model") or "", _usage(chunk.get("usage"))
    pieces = [_piece(choice, text, key, model) for choice in chunk.get("choices") or ()]
    return [*pieces, Delta(usage=usage, model=model)] if usage else pieces


def _piece(choice: Json, raw: str, key: str, model: str) -> Delta:
    reason = choice.get("finish_reason")
    if reason in FAILED:
        raise ErrorInReply(raw)
    said: Json = choice.get(key) or {}
    speech, thought = _content(choice.get("text") or said.get("content"))
    finish = FINISH.get(reason, "stop") if reason else None
    return Delta(
        text=speech,
        reasoning=thought + (said.get("reasoning_content") or said.get("reasoning") or ""),
        finish_reason="filtered" if said.get("refusal") else finish,
        model=model,
        choice=choice.get("index") or 0,
    )


def _content(content: object) -> tuple[str, str]:
    """Speech and reasoning of a text, of nothing, or of a list of parts (Mistral)."""
    if content is None or isinstance(content, str):
        return content or "", ""
    parts = cast("list[Json]", content)
    speech = "".join(part["text"] for part in parts if part.get("type") == "text")
    return speech, "".join(_thoughts(parts))


def _thoughts(parts: list[Json]) -> Iterator[str]:
    for part in parts:
        if part.get("type") == "thinking":
            yield _content(part["thinking"])[0]


def _usage(usage: Json | None) -> Usage | None:
    if not usage:
        return None
    prompt: Json = usage.get("prompt_tokens_details") or {}
    completion: Json = usage.get("completion_tokens_details") or {}
    return Usage(
        prompt_tokens=usage.get("prompt_tokens") or 0,
        completion_tokens=usage.get("completion_tokens") or 0,
        cached_tokens=prompt.get("cached_tokens") or 0,
        reasoning_tokens=completion.get("reasoning_tokens") or 0,
    )
