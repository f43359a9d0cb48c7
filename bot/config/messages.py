"""What pydantic found, as sentences for the person who wrote the file. They never quote a value."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from roleplay.phrases import say

NUMBERS = frozenset({"int_type", "float_type", "bool_type"})
"""Findings that a variable's text may still answer, when it spells a number or a truth value."""

FEW = 12
"""So many known names are listed where none is near."""

COMPARED = 500
"""So many known names are compared with an unknown one: comparing is slow."""

Context = Mapping[str, Any]
"""The numbers of a rule, by pydantic's names for them."""

_KINDS: Mapping[str, str] = {
    "string_type": "text in double quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list: [ … ]",
    "dict_type": "an object: { … }",
    "model_type": "an object: { … }",
    "model_attributes_type": "an object: { … }",
    "none_required": "null",
}


_FOUND: Mapping[type, str] = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def nearest(name: str, known: list[str], *, list_known: bool = True) -> str:
    """` Did you mean "…"?`, the known names when they are few, or nothing."""
    lower = {candidate.lower(): candidate for candidate in known[:COMPARED]}
    close = get_close_matches(name.lower(), lower, cutoff=0.6)
    swapped = [one for one in close if sorted(one) == sorted(name.lower())]
    if close:
        return say(' Did you mean "{name}"?', name=lower[[*swapped, *close][0]])
    if list_known and known and len(known) <= FEW:
        return say(" Known: {names}.", names=", ".join(known))
    return ""


def sentence(error: ErrorDetails) -> str:
    """What was expected instead."""
    kind = _KINDS.get(error["type"])
    if kind:
        return say("Expected {kind}, not {found}.", kind=say(kind), found=_found(error["input"]))
    if error["type"] == "literal_error":
        return _choice(error)
    write = _WRITERS.get(error["type"])
    return write(error.get("ctx", {})) if write else say("{message}.", message=error["msg"])


def _found(value: object) -> str:
    if isinstance(value, float) and not value.is_integer():
        return say("a number with a fraction")
    return say(_FOUND.get(type(value), "this"))


def _choice(error: ErrorDetails) -> str:
    """The choices, which pydantic lists as `'a', 'b' or 'c'`, and the nearest."""
    names = re.findall(r"'([^']*)'", error.get("ctx", {})["expected"])
    value = error["input"]
    return say("Expected one of: {names}.", names=", ".join(names)) + (
        nearest(value, names, list_known=False) if isinstance(value, str) else ""
    )


def _text_too_short(context: Context) -> str:
    if context["min_length"] == 1:
        return say("This may not be empty.")
    return say("Expected at least {least} characters.", least=context["min_length"])


_WRITERS: Mapping[str, Callable[[Context], str]] = {
    "missing": lambda _: say("This key is needed."),
    "too_short": lambda _: say("This may not be empty."),
    "greater_than": lambda c: say("Expected a number above {least}.", least=_number(c["gt"])),
    "greater_than_equal": lambda c: say("Expected at least {least}.", least=_number(c["ge"])),
    "less_than": lambda c: say("Expected a number below {most}.", most=_number(c["lt"])),
    "less_than_equal": lambda c: say("Expected at most {most}.", most=_number(c["le"])),
    "string_too_short": _text_too_short,
    "string_too_long": lambda c: say("Expected at most {most} characters.", most=c["max_length"]),
}


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else str(value)
