"""Anthropic's Messages protocol, event by event."""

import json
from collections.abc import Sequence
from typing import Any

from fakes.voices import Voice

Json = dict[str, Any]

STOP_REASONS = {"stop": "end_turn", "length": "max_tokens"}

WINDOW = 200_000


def event(name: str, **fields: Any) -> bytes:
    data = json.dumps({"type": name, **fields}, ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()


def message(**fields: Any) -> Json:
    """A reply as a whole; in `message_start` it is empty and not yet stopped."""
    return {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "output_tokens": 1},
        **fields,
    }


def start(**fields: Any) -> bytes:
    return event("message_start", message=message(**fields))


def block(**fields: Any) -> bytes:
    """Opens a block of content."""
    return event("content_block_start", index=0, content_block=fields)


def delta(kind: str, **fields: Any) -> bytes:
    return event("content_block_delta", index=0, delta={"type": kind, **fields})


def block_stop() -> bytes:
    return event("content_block_stop", index=0)


def end(stop_reason: str, **usage: int) -> bytes:
    stopped = {"stop_reason": stop_reason, "stop_sequence": None}
    return event("message_delta", delta=stopped, usage={"output_tokens": 3, **usage})


def stop() -> bytes:
    return event("message_stop")


def error(kind: str, text: str) -> Json:
    return {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_01"}


def whole(text: str, stop_reason: str = "end_turn") -> Json:
    content = [{"type": "text", "text": text}]
    usage = {"input_tokens": 7, "output_tokens": 3}
    return message(content=content, stop_reason=stop_reason, usage=usage)


def model_list(models: Sequence[str]) -> Json:
    return {
        "data": [
            {
                "type": "model",
                "id": name,
                "display_name": name.title(),
                "created_at": "2026-01-01T00:00:00Z",
                "lifecycle": "active",
                "max_input_tokens": WINDOW,
            }
            for name in models
        ],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }


VOICE = Voice(
    beginning=(start(), event("ping"), block(type="text", text="")),
    piece=lambda text: delta("text_delta", text=text),
    thought=lambda text: delta("thinking_delta", thinking=text),
    finish=lambda reason: block_stop() + end(STOP_REASONS[reason]),
    end=stop(),
    error=lambda text: event("error", error={"type": "api_error", "message": text}),
    whole=whole,
    comment=event("ping"),
    answers={"/v1/models": model_list, "/v1/messages/count_tokens": {"input_tokens": 5}},
)
