"""Replaces `{{macros}}` in one pass over the text: values are never read again.

An argument may hold macros, which are replaced first: `{{random:{{user}},nobody}}`. Their values
stay whole there, too: a comma in a name does not divide a list.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

MARK = re.compile(
    r"(?P<opens>\{{2,})|(?P<closes>\}{2,})|<(?P<old>bot|char|user|group|charifnotgroup)>",
    re.IGNORECASE,
)
CALL = re.compile(r"\s*(//|\w+)\s*(?:::?|)(.*)", re.DOTALL)
VALUE = re.compile("\0(\\d+)\0")
TRIM = "\0trim\0"
COMMA = "\1"

OLD_NAMES = {"bot": "char"}
"""`<BOT>` and its kin stand for the macro of the same name but for these."""

DEEPEST = 8
"""Macros within each other; braces further in are text."""

MOST_CHARACTERS = 1_000_000
"""Of all values together: macros after that stay as they are written."""


@dataclass(frozen=True, slots=True)
class Call:
    """A macro as it was written.

    `written` is what follows the name and its colon, `whole` the text that the macro stands in and
    `at` its place there, in characters. `values` are those of macros within it.
    """

    name: str
    written: str
    values: Sequence[str] = ()
    whole: str = ""
    at: int = 0

    @property
    def argument(self) -> str:
        return _filled(self.written, self.values).strip()

    @property
    def options(self) -> list[str]:
        """The argument as a list, divided by `::`, else by commas but for escaped ones."""
        if "::" in self.written:
            return [_filled(each, self.values) for each in self.written.split("::")]
        parts = self.written.replace("\\,", COMMA).split(",")
        return [_filled(each.strip().replace(COMMA, ","), self.values) for each in parts]


Macro = str | Callable[[Call], str | None]
"""A value, or what makes one. None: the call makes no sense and stays as it is written."""

Macros = Mapping[str, Macro]
"""By name, in lower case."""


def expand(text: str, macros: Macros) -> str:
    """The text with every macro of that name, in whatever case, replaced; unknown ones stay.

    `{{trim}}` takes the line ends around it away.
    """
    if "{{" not in text and "<" not in text:
        return text
    return _Pass(text, macros).run()


class _Pass:
    """One text. `_frames` are the texts of the macros that are open, the outermost first.

    Until the end a value is a number between NULs, so that nothing takes it for text.
    """

    def __init__(self, text: str, macros: Macros) -> None:
        self._text = text.replace("\0", "").replace(COMMA, "")
        self._macros = macros
        self._frames: list[list[str]] = [[]]
        self._values: list[str] = []
        self._characters = 0

    def run(self) -> str:
        at = 0
        for mark in MARK.finditer(self._text):
            self._write(self._text[at : mark.start()])
            at = mark.end()
            if mark["old"]:
                self._old(mark)
            elif mark["opens"]:
                self._open(len(mark[0]))
            else:
                self._close(len(mark[0]), mark.start())
        self._write(self._text[at:])
        while len(self._frames) > 1:
            self._write_up("{{", "")
        return _filled(_trimmed("".join(self._frames[0])), self._values)

    def _write(self, text: str) -> None:
        self._frames[-1].append(text)

    def _write_up(self, before: str, after: str) -> None:
        """The innermost open macro is none: what it holds is text of the one around it."""
        inner = "".join(self._frames.pop())
        self._write(before + inner + after)

    def _open(self, braces: int) -> None:
        self._write("{" * (braces % 2))
        for _ in range(braces // 2):
            if len(self._frames) > DEEPEST:
                self._write("{{")
            else:
                self._frames.append([])

    def _close(self, braces: int, at: int) -> None:
        while braces >= 2 and len(self._frames) > 1:
            self._end(at)
            braces -= 2
        self._write("}" * braces)

    def _end(self, at: int) -> None:
        call = CALL.match("".join(self._frames[-1]))
        name = call[1].lower() if call else ""
        if call is None or not self._answer(name, call[2], at, self._frames[:-1]):
            self._write_up("{{", "}}")

    def _old(self, mark: re.Match[str]) -> None:
        name = mark["old"].lower()
        if not self._answer(OLD_NAMES.get(name, name), "", mark.start(), self._frames):
            self._write(mark[0])

    def _answer(self, name: str, written: str, at: int, left: list[list[str]]) -> bool:
        """Write a macro's value to the last of the frames `left`; False where it has none."""
        if name == "trim":
            value = TRIM
        else:
            found = self._value(Call(name, written, self._values, self._text, at))
            if found is None:
                return False
            self._values.append(found)
            value = f"\0{len(self._values) - 1}\0"
        self._frames = left
        self._write(value)
        return True

    def _value(self, call: Call) -> str | None:
        macro = self._macros.get(call.name)
        value = macro(call) if callable(macro) else macro
        if isinstance(macro, str) and call.written.strip():
            return None
        if value is None or self._characters + len(value) > MOST_CHARACTERS:
            return None
        self._characters += len(value)
        return value


def _trimmed(text: str) -> str:
    first, *rest = text.split(TRIM)
    for part in rest:
        first = first.rstrip("\r\n") + part.lstrip("\r\n")
    return first


def _filled(text: str, values: Sequence[str]) -> str:
    return VALUE.sub(lambda place: values[int(place[1])], text)
