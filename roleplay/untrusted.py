"""JSON that people bring: read within bounds, whatever it holds."""

import json
import math
from collections.abc import Iterable
from typing import Any, cast

from roleplay.phrases import say

LONGEST = 8 * 1024 * 1024
"""Bytes of a document."""

MOST_VALUES = 500_000
"""Estimated before anything is read, by what stands between values: memory stays below 100 MB."""

DEEPEST = 64
"""Objects and lists inside one another: nothing that walks them runs out of stack."""


def read_json(data: bytes) -> Any:
    """The value; what is no number in JSON is None, and lone surrogates are replaced.

    Raises:
        ValueError: not JSON, or out of bounds; the text is for people.
    """
    if len(data) > LONGEST:
        raise ValueError(say("it is larger than {most} MB", most=LONGEST // 1024**2))
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as exc:
        raise ValueError(say("byte {place} is not UTF-8", place=exc.start)) from exc
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise ValueError(say("it holds more than {most} values", most=MOST_VALUES))
    return _whole(check_depth(_parsed(text.removeprefix("\ufeff"))))


def check_depth(value: Any) -> Any:
    """The value itself.

    Raises:
        ValueError: objects and lists stand too deep inside one another.
    """
    level = [value]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return value
    raise ValueError(_too_deep())


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_finite, parse_constant=lambda _: None)
    except json.JSONDecodeError as exc:
        raise ValueError(
            say(
                "line {line}, column {column} is not JSON: {why}",
                line=exc.lineno,
                column=exc.colno,
                why=exc.msg,
            )
        ) from exc
    except RecursionError as exc:
        raise ValueError(_too_deep()) from exc
    except ValueError as exc:
        raise ValueError(say("it holds a number of thousands of digits")) from exc


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def mapping_in(value: object) -> dict[str, Any] | None:
    """The value where it is an object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def list_in(value: object) -> list[Any] | None:
    """The value where it is a list."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def _children(value: object) -> Iterable[Any]:
    found = mapping_in(value)
    return found.values() if found else list_in(value) or ()


def _whole(value: Any) -> Any:
    """Text that is no UTF-8 would fail much later, in the database or on the wire."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False)
        return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return value


def _too_deep() -> str:
    return say("it is nested more than {most} deep", most=DEEPEST)
