"""The part of Handlebars that SillyTavern's story strings use, without ever running code.

`{{#if x}}`, `{{#unless x}}`, `{{else}}`, `{{x}}`, `{{{x}}}`, comments, `~` for white space, and
SillyTavern's own `{{trim}}`. https://handlebarsjs.com/guide/
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from roleplay.errors import PresetError
from roleplay.phrases import say

LONGEST = 20_000
"""Characters of a story string; usual ones have five hundred."""

DEEPEST = 20

TAG = re.compile(
    r"\{\{(?P<left>~)?\s*(?:"
    r"(?P<open>#(?:if|unless))\s+(?P<test>\w+)|(?P<close>/(?:if|unless))|(?P<other>else|\^)"
    r"|!--.*?--|![^}]*"
    r")\s*(?P<right>~)?\}\}"
    r"|\{\{(?P<trim>trim)\}\}"
    r"|(?P<three>\{)?\{\{(?P<vleft>~)?\s*(?P<name>\w+)\s*(?P<vright>~)?\}\}(?(three)\})",
    re.DOTALL | re.IGNORECASE,
)

BLANKS = " \t"

TRIM = object()
"""Stands for `{{trim}}`: the line breaks around it go."""


@dataclass(frozen=True, slots=True)
class Value:
    """`{{name}}`; what is no value of ours stays text, for the macros. `written` is all of it."""

    name: str
    written: str


@dataclass(slots=True)
class Choice:
    """`{{#if name}}...{{else}}...{{/if}}`."""

    name: str
    kind: str
    yes: list[object] = field(default_factory=list[object])
    no: list[object] = field(default_factory=list[object])
    in_else: bool = False

    @property
    def growing(self) -> list[object]:
        return self.no if self.in_else else self.yes


def parse(text: str) -> list[object]:
    """The pieces of a template.

    Raises:
        PresetError: it is too long or too deep, or its blocks do not match.
    """
    if len(text) > LONGEST:
        raise PresetError(say("The story string is longer than {most} characters.", most=LONGEST))
    root: list[object] = []
    open_: list[Choice] = []
    at, strip = 0, False
    for tag in TAG.finditer(text):
        before, after = text[at : tag.start()], tag.end()
        before = before.lstrip() if strip else before
        strip = bool(tag["right"] or tag["vright"])
        if tag["left"] or tag["vleft"]:
            before = before.rstrip()
        elif not (tag["name"] or tag["trim"]) and (end := _line_end(text, tag.start(), after)):
            before, after = before.rstrip(BLANKS), end
        (open_[-1].growing if open_ else root).append(before)
        _add(tag, root, open_)
        at = after
    if open_:
        raise PresetError(say("{{#{kind}}} has no end.", kind=open_[-1].kind))
    rest = text[at:]
    return [*root, rest.lstrip() if strip else rest]


def render(pieces: list[object], values: Mapping[str, str], literal: Callable[[str], str]) -> str:
    """`values` by lower-case name are put in as they are; all other text goes through `literal`."""
    written = "".join(_written(pieces, values, literal))
    return re.sub(r"(?:\r?\n)*\x00trim\x00(?:\r?\n)*", "", written)


def _add(tag: re.Match[str], root: list[object], open_: list[Choice]) -> None:
    here = open_[-1].growing if open_ else root
    if tag["open"]:
        if len(open_) >= DEEPEST:
            raise PresetError(say("The story string is nested too deeply."))
        choice = Choice(tag["test"].lower(), tag["open"][1:].lower())
        here.append(choice)
        open_.append(choice)
    elif tag["close"] or tag["other"]:
        _turn(tag, open_)
    elif tag["trim"]:
        here.append(TRIM)
    elif tag["name"]:
        here.append(Value(tag["name"].lower(), tag[0]))


def _turn(tag: re.Match[str], open_: list[Choice]) -> None:
    """Into the other half of a block, or out of it."""
    matches = bool(open_) and tag["close"] in (None, f"/{open_[-1].kind}")
    if not matches or (tag["other"] and open_[-1].in_else):
        raise PresetError(say("“{tag}” ends nothing in the story string.", tag=tag[0]))
    if tag["close"]:
        open_.pop()
    else:
        open_[-1].in_else = True


def _line_end(text: str, start: int, end: int) -> int | None:
    """Where the line ends that a block's tag has for itself: such a line leaves no trace."""
    line = text.rfind("\n", 0, start) + 1
    rest = re.compile(r"[ \t]*(?:\r?\n|$)").match(text, end)
    alone = not text[line:start].strip(BLANKS)
    return rest.end() if alone and rest else None


def _written(
    pieces: list[object], values: Mapping[str, str], literal: Callable[[str], str]
) -> list[str]:
    written: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            written.append(literal(piece) if piece else "")
        elif isinstance(piece, Value):
            known = values.get(piece.name)
            written.append(literal(piece.written) if known is None else known)
        elif isinstance(piece, Choice):
            holds = bool(values.get(piece.name)) == (piece.kind == "if")
            written += _written(piece.yes if holds else piece.no, values, literal)
        else:
            written.append("\x00trim\x00")
    return written
