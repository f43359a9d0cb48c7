"""`${NAME}` in text values.

Forms: `${NAME}`, `${NAME:-default}` (where NAME is unset or empty), and `$${NAME}` for those very
characters. Any other dollar sign is itself. Keys are never changed.
"""

import re
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.config.env import NoValue, Unset, Variables
from bot.config.findings import MOST, Finding, Path
from roleplay.phrases import say

PLACE = re.compile(r"\$?\$\{(?P<inside>[^}]*)\}")
INSIDE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)


@dataclass
class Resolver:
    """Replaces the variables of a whole document.

    `whole` are the places that hold nothing but one variable, and so may stand for a number.
    """

    variables: Variables
    findings: list[Finding] = field(default_factory=list[Finding])
    whole: set[Path] = field(default_factory=set[Path])

    def resolve(self, value: JsonValue, path: Path = ()) -> JsonValue:
        match value:
            case str():
                return self._text(value, path)
            case list():
                return [self.resolve(item, (*path, index)) for index, item in enumerate(value)]
            case dict():
                return {key: self.resolve(item, (*path, key)) for key, item in value.items()}
            case _:
                return value

    def _text(self, text: str, path: Path) -> str:
        def fill(place: re.Match[str]) -> str:
            if place[0].startswith("$$"):
                return place[0][1:]
            try:
                return self._value(place["inside"])
            except NoValue as exc:
                if len(self.findings) < MOST:
                    self.findings.append(Finding(path, str(exc)))
                return ""

        if PLACE.fullmatch(text):
            self.whole.add(path)
        return PLACE.sub(fill, text)

    def _value(self, inside: str) -> str:
        parts = INSIDE.fullmatch(inside)
        if not parts:
            raise NoValue(
                say(
                    "Expected ${NAME} or ${NAME:-default}. "
                    "With a second dollar sign in front these characters stay as they are."
                )
            )
        try:
            return self.variables.value(parts["name"])
        except Unset:
            if parts["default"] is None:
                raise
            return parts["default"]
