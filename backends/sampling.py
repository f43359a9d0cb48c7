"""What becomes of each sampler key at one kind of server: data, and what reads it.

A table names a `Rule` for every field of `Sampler`; `takes` writes one. The facts are from the
servers' documentation and source, read on the table's `checked` date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from backends.stops import all_stops, most_valuable
from roleplay.chat import AnyRequest
from roleplay.profiles import ConnectionProfile
from roleplay.sampler import Sampler

FITTED = "the prompt is fitted to it here"

NOT_TAKEN = "this server does not take it"

NO_EFFECT = "it has no effect on this server"

NO_PHRASES = "this server can ban tokens only, not phrases"


def same(value: Any) -> object:
    """As it is; what is a tuple here is a list on the wire."""
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


@dataclass(frozen=True, slots=True)
class Rule:
    """One sampler key at one kind of server.

    `name` is its name on the wire, "" where it is not sent. `why` says why it is not sent, or what
    else is to know. A number beyond `least` or `most` is moved there. `off` is a value that means
    the same as unset and that the server refuses. `shape` is how the server wants it written.
    """

    name: str = ""
    why: str = ""
    least: float | None = None
    most: float | None = None
    off: float | None = None
    shape: Callable[[Any], object] = same

    def value(self, chosen: Any) -> object | None:
        """What is sent for a chosen value; None: nothing."""
        if not self.name or (self.off is not None and chosen == self.off):
            return None
        if self.least is not None:
            chosen = max(chosen, self.least)
        if self.most is not None:
            chosen = min(chosen, self.most)
        return self.shape(chosen)


Rules = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Sampling:
    """A server's table. `most_stops` None means no cap; `checked` is a date."""

    rules: Rules
    checked: str
    most_stops: int | None = None


def takes(*names: str, otherwise: str = NOT_TAKEN, **rules: Rule | str) -> Rules:
    """Rules for every key: these under their own names, those as given (a text is a wire name).

    The others are dropped, and `otherwise` says why.
    """
    every = {key: Rule(why=otherwise) for key in Sampler.model_fields}
    every["max_context_tokens"] = Rule(why=FITTED)
    named = {name: Rule(name) for name in names}
    given = {key: Rule(rule) if isinstance(rule, str) else rule for key, rule in rules.items()}
    unknown = (named | given).keys() - every.keys()
    if unknown:
        raise ValueError(unknown)
    return MappingProxyType(every | named | given)


def chosen(sampler: Sampler) -> dict[str, Any]:
    """The keys that are set, by field name; a value that is the default is as good as unset."""
    fields = Sampler.model_fields
    values = {name: getattr(sampler, name) for name in fields}
    return {name: value for name, value in values.items() if value != fields[name].default}


def wire_keys(
    sampling: Sampling, request: AnyRequest, profile: ConnectionProfile
) -> dict[str, object]:
    """The sampler as the server calls it, with the turn's stop strings; nothing that is unset."""
    values = chosen(profile.sampler)
    if request.sampler:
        values |= chosen(request.sampler)
    if request.max_tokens:
        values["max_completion_tokens"] = request.max_tokens
    stops = most_valuable(all_stops(request, profile), sampling.most_stops)
    values["stop"] = tuple(stops)
    wire: dict[str, object] = {}
    for key, value in values.items():
        rule = sampling.rules[key]
        written = rule.value(value) if value != () else None
        if written is not None:
            wire[rule.name] = written
    return wire


JSON_OBJECT = Rule("response_format", shape=lambda _: {"type": "json_object"})

JSON_SCHEMA = Rule(
    "response_format",
    shape=lambda _: {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": {"type": "object"}},
    },
)

JSON_GRAMMAR = r"""root ::= object
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws (member ("," ws member)*)? "}" ws
member ::= string ":" ws value
array ::= "[" ws (value ("," ws value)*)? "]" ws
string ::= "\"" ([^"\\\x00-\x1f] | "\\" (["\\/bfnrt] | "u" hex hex hex hex))* "\"" ws
hex ::= [0-9a-fA-F]
number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)? ws
ws ::= [ \t\n]*
"""
"""RFC 8259 as a GBNF grammar, for servers that take no `response_format`; the root is an object."""
