"""KoboldCpp's own protocol, event by event, and what it tells for free."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fakes.voices import CHAT_COMPLETIONS

Json = dict[str, Any]

WINDOW = 8192

ABORT = "/api/extra/abort"


def token(text: str, finish: str | None = None) -> bytes:
    """One event of /api/extra/generate/stream; nothing comes after one with a reason."""
    data = json.dumps({"token": text, "finish_reason": finish}, ensure_ascii=False)
    return f"event: message\ndata: {data}\n\n".encode()


def model_list(models: Sequence[str]) -> Json:
    entries = [{"id": name, "object": "model", "owned_by": "koboldcpp"} for name in models]
    return {"object": "list", "data": entries}


VOICE = replace(
    CHAT_COMPLETIONS,
    answers={
        "/api/extra/version": {"result": "KoboldCpp", "version": "1.112", "protected": False},
        "/api/v1/model": {"result": "koboldcpp/scripted"},
        "/v1/models": model_list,
        "/api/extra/true_max_context_length": {"value": WINDOW},
        "/api/extra/tokencount": {"value": 5, "ids": [1, 2, 3, 4, 5]},
        ABORT: {"success": "true", "done": "true"},
    },
)
