"""Events and whole replies of Anthropic's Messages protocol, as pieces of ours."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from backends.dialect import ErrorInReply, Frame
from roleplay.chat import Delta, FinishReason, Usage

Json = dict[str, Any]

FINISH: dict[str, FinishReason] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "filtered",
}
"""`stop_reason`; all others (end_turn, stop_sequence, tool_use, pause_turn) end a reply as well."""


def decode(frame: Frame) -> Sequence[Delta]:
    """The piece in one event; those that say nothing to us, known or not, have none."""
    event: Json = json.loads(frame.data)
    if is_error(event):
        raise ErrorInReply(frame.data)
    read = EVENTS.get(event["type"])
    return (read(event),) if read else ()


def decode_whole(text: str) -> Sequence[Delta]:
    """The pieces of a reply that came in one body."""
    reply: Json = json.loads(text)
    if is_error(reply) or "content" not in reply:
        raise ErrorInReply(text)
    end = _finish(reply, reply)
    return [*(_block(block) for block in reply["content"]), end, *_model(reply)]


def is_error(event: Json) -> bool:
    return event.get("type") == "error" or bool(event.get("error"))


def is_last(frame: Frame) -> bool:
    return frame.event == "message_stop"


def _model(message: Json) -> Iterator[Delta]:
    if name := message.get("model"):
        yield Delta(model=name)


def _start(event: Json) -> Delta:
    """What it says of the tokens written is a guess; the last event knows."""
    message: Json = event["message"]
    usage = _usage(message.get("usage") or {}, written=False)
    return Delta(usage=usage, model=message.get("model") or "")


def _block_start(event: Json) -> Delta:
    return _block(event["content_block"] | {"input": None})


def _block(block: Json) -> Delta:
    """A piece of content, which is empty where the block has only just begun."""
    given: Json | None = block.get("input")
    return Delta(
        text=json.dumps(given, ensure_ascii=False) if given else block.get("text") or "",
        reasoning=block.get("thinking") or "",
    )


def _block_delta(event: Json) -> Delta:
    """Text, or the JSON that a tool is given: a reply forced into a tool is its JSON."""
    delta: Json = event["delta"]
    return Delta(
        text=delta.get("text") or delta.get("partial_json") or "",
        reasoning=delta.get("thinking") or "",
    )


def _message_delta(event: Json) -> Delta:
    return _finish(event["delta"], event)


def _finish(reason: Json, told: Json) -> Delta:
    why = reason.get("stop_reason")
    finish = FINISH.get(why, "stop") if why else None
    return Delta(finish_reason=finish, usage=_usage(told.get("usage") or {}))


def _usage(usage: Json, *, written: bool = True) -> Usage | None:
    """The prompt's tokens are the fresh ones, those put into the cache and those read from it."""
    if not usage:
        return None
    cached = usage.get("cache_read_input_tokens") or 0
    created = usage.get("cache_creation_input_tokens") or 0
    details: Json = usage.get("output_tokens_details") or {}
    return Usage(
        prompt_tokens=(usage.get("input_tokens") or 0) + created + cached,
        completion_tokens=(usage.get("output_tokens") or 0) if written else 0,
        cached_tokens=cached,
        reasoning_tokens=details.get("thinking_tokens") or 0,
    )


EVENTS: Mapping[str, Callable[[Json], Delta]] = {
    "message_start": _start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "message_delta": _message_delta,
}
