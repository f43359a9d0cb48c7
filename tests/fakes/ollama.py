"""Ollama's own protocol, line by line, as its server writes it."""

import json
from collections.abc import Sequence
from typing import Any

from fakes.voices import Voice

Json = dict[str, Any]

CREATED = "2026-11-23T10:00:00.000000Z"

WINDOW = 32768


def line(data: Json) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def chunk(content: str = "", **fields: Any) -> Json:
    message = {"role": "assistant", "content": content, **fields}
    return {"model": "scripted", "created_at": CREATED, "message": message, "done": False}


def text_chunk(text: str) -> Json:
    """One line of /api/generate."""
    return {"model": "scripted", "created_at": CREATED, "response": text, "done": False}


def last(reason: str = "stop", *, prompt: int = 7, completion: int = 3) -> Json:
    """The line that ends a reply; durations are in nanoseconds."""
    return {
        **chunk(),
        "done": True,
        "done_reason": reason,
        "total_duration": 5_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": prompt,
        "prompt_eval_duration": 2_000_000,
        "eval_count": completion,
        "eval_duration": 2_000_000,
    }


def tags(models: Sequence[str]) -> Json:
    return {"models": [{"name": name, "model": name, "size": 4_000_000} for name in models]}


def whole(text: str) -> Json:
    return last() | {"message": {"role": "assistant", "content": text}}


VOICE = Voice(
    piece=lambda text: line(chunk(text)),
    thought=lambda text: line(chunk(thinking=text)),
    finish=lambda reason: line(last(reason)),
    error=lambda message: line({"error": message}),
    whole=whole,
    comment=b"\n",
    answers={
        "/api/version": {"version": "0.20.1"},
        "/api/tags": tags,
        "/api/show": {
            "model_info": {"general.architecture": "llama", "llama.context_length": WINDOW}
        },
        "/api/ps": {"models": []},
    },
)
