"""What an error body says, in any of the shapes that servers write."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

Json = dict[str, Any]

TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)

NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"request \((?P<prompt>\d+) tokens\) exceeds the available context size \((?P<window>\d+)",
        r"(?P<prompt>\d+) tokens > (?P<window>\d+) maximum",
        r"(?P<prompt>\d+) \+ \d+ > (?P<window>\d+)",
        r"maximum context (?:length|limit)(?: of this model)? (?:is|of) (?P<window>\d+)",
        r"maximum input length is (?P<window>\d+)",
        r"(?:requested|resulted in|contains|has) (?:about |at least )?(?P<prompt>\d+)(?: \w+)? tok",
    )
)

PARAMETER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:unsupported|unknown|unrecognized) (?:parameter|value|name)s?:? ?[\\\"'`]+([\w.]+)",
        r"unrecognized request arguments? supplied: ([\w.]+)",
        r"\bfield [\"'`]([\w.]+)[\"'`]",
        r"unexpected keyword argument [\"'`]([\w.]+)",
        r"[\"'`]([\w.]+)[\"'`] is not supported",
        r"does not support parameters:? [\[{]?[\"'`]?([\w.]+)",
        r"[\"'`]([\w.]+)[\"'`] must be\b",
        r"^(?:\w+Error: )?([a-z]\w*_\w+) must be\b",
        r"[\"'`]([\w.]+)[\"'`] (?:is deprecated|does not support)",
    )
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One error, read. `codes` are its types and codes in lower case, `status` a number in it."""

    message: str
    codes: frozenset[str] = frozenset()
    parameter: str = ""
    status: int | None = None
    prompt_tokens: int | None = None
    window: int | None = None
    is_page: bool = False


def read_fault(body: str) -> Fault:
    """Any body gives a fault; of what cannot be understood the text is the message."""
    text = body.strip()
    if looks_like_html(text):
        return Fault(_title(text), is_page=True)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Fault(text)
    return _of_json(value, text)


def looks_like_html(text: str) -> bool:
    return (
        text.lstrip("\ufeff \r\n\t")[:15].lower().startswith(("<!doctype html", "<html", "<head"))
    )


def _title(page: str) -> str:
    match = TITLE.search(page)
    return match[1].strip() if match else ""


def _of_json(value: object, text: str) -> Fault:
    parts = list(_parts(value))
    if not parts:
        return Fault(text)
    message = next((said for part in parts if (said := _message(part))), text)
    prompt, window = _numbers(parts, message)
    return Fault(
        message,
        codes=frozenset(_codes(parts)),
        parameter=_parameter(parts, message),
        status=next(filter(None, map(_status, parts)), None),
        prompt_tokens=prompt,
        window=window,
    )


def _parts(value: object) -> Iterator[Json]:
    """The objects that may hold the message, innermost first; Mistral's `message` is one."""
    if isinstance(value, list):
        for item in cast("list[object]", value)[:1]:
            yield from _parts(item)
    if not isinstance(value, dict):
        return
    outer = cast("Json", value)
    for key in ("error", "detail", "message"):
        inner = outer.get(key)
        if isinstance(inner, str):
            if key != "message":
                yield {"message": inner}
        else:
            yield from _parts(inner)
    yield outer


def _message(part: Mapping[str, Any]) -> str:
    found = part.get("message") or part.get("msg") or ""
    if not isinstance(found, str):
        return json.dumps(found)
    where = part.get("loc")
    if isinstance(where, list):
        return f"{'.'.join(map(str, cast('list[object]', where)))}: {found}"
    return found


def _codes(parts: list[Json]) -> Iterator[str]:
    for part in parts:
        metadata = part.get("metadata")
        inner = cast("Json", metadata).get("error_type") if isinstance(metadata, dict) else None
        keys = ("code", "type", "error_type", "status", "reason")
        for value in (*(part.get(key) for key in keys), inner):
            if isinstance(value, str):
                yield value.lower()
        for detail in _dicts(part.get("details")):
            if isinstance(reason := detail.get("reason"), str):
                yield reason.lower()


def _dicts(value: object) -> list[Json]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def _status(part: Mapping[str, Any]) -> int | None:
    for key in ("code", "status", "status_code"):
        text = str(part.get(key, ""))
        if len(text) == 3 and text.isdecimal() and text >= "400":
            return int(text)
    return None


def _numbers(parts: list[Json], message: str) -> tuple[int | None, int | None]:
    found: dict[str, int] = {}
    for part in parts:
        for key, name in (("n_prompt_tokens", "prompt"), ("n_ctx", "window")):
            if isinstance(value := part.get(key), int):
                found.setdefault(name, value)
    for pattern in NUMBERS:
        if match := pattern.search(message):
            for name, digits in match.groupdict().items():
                found.setdefault(name, int(digits[:12]))
    return found.get("prompt"), found.get("window")


def _parameter(parts: list[Json], message: str) -> str:
    for part in parts:
        if isinstance(name := part.get("param"), str) and name:
            return name
        if isinstance(where := part.get("loc"), list) and where:
            return str(cast("list[object]", where)[-1])
    matches = (pattern.search(message) for pattern in PARAMETER)
    return next((match[1] for match in matches if match), "")
